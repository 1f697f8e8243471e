import { performance } from 'node:perf_hooks'
import { password } from './desk.ts'

const email = 'ottilie@example.com'
const json = { 'content-type': 'application/json' }

type Told = { event: string; data: { text?: string; answer?: { status: string }; code?: string } }
// It is written for browsers, which know no types.
const { eventsOf } = (await import(new URL('../../../public/events.js', import.meta.url).href)) as {
  eventsOf(body: unknown): AsyncGenerator<Told>
}
// biome-ignore lint/suspicious/noExplicitAny: what is not as expected shows at once
type Json = any
const asJson = (answer: Response): Promise<Json> => answer.json()

/** A new desk, of whoever asks below. */
export async function signUp(url: string) {
  const person = { firstName: 'Ottilie', lastName: 'Bench', email, password }
  const answer = await fetch(`${url}api/auth/signup`, { method: 'POST', body: JSON.stringify(person), headers: json })
  const { user } = await asJson(answer)
  return { account: user.id as string, room: user.room.roomId as string }
}

/** Somebody with a desk who asks by the API, as a program would; the cookie is for the pages. */
export async function signIn(url: string) {
  const login = JSON.stringify({ username: email, password })
  const signedIn = await fetch(`${url}api/v1/auth/login`, { method: 'POST', body: login, headers: json })
  const token = (await asJson(signedIn)).access_token
  const form = new URLSearchParams({ email, password })
  const own = { 'sec-fetch-site': 'same-origin' }
  const entered = await fetch(`${url}login`, { method: 'POST', body: form, redirect: 'manual', headers: own })
  const cookie =
    entered.headers
      .getSetCookie()
      .find((one) => one.startsWith('session_id='))
      ?.split(';', 1)[0] ?? ''
  const headers = { authorization: `Bearer ${token}`, ...json }

  async function call(method: string, path: string, body?: object) {
    const answer = await fetch(`${url}${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) })
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${await answer.text()}`)
    return answer.status === 204 ? undefined : asJson(answer)
  }

  /** Asks, and tells when each bit of the answer came: milliseconds since the question, or the moment itself. */
  async function ask(chat: string, content: string) {
    const began = performance.now()
    const answer = await fetch(`${url}api/v1/chats/${chat}/messages`, {
      method: 'POST',
      body: JSON.stringify({ content }),
      headers: { ...headers, accept: 'text/event-stream' }
    })
    const bits: { at: number; text: string }[] = []
    let status: string | undefined = 'broken off'
    for await (const { event, data } of eventsOf(answer.body)) {
      if (event === 'token') bits.push({ at: performance.now(), text: data.text ?? '' })
      if (event === 'done' || event === 'error') status = data.answer?.status ?? data.code
    }
    return { first: (bits[0]?.at ?? Number.NaN) - began, bits, status }
  }

  const chatIn = async (workspace_id: string) => (await call('POST', 'api/v1/chats', { workspace_id })).id as string
  return { cookie, call, ask, chatIn }
}
