import type { LightMyRequestResponse } from 'fastify'
import type { buildApp } from '../../src/app.ts'

type App = Awaited<ReturnType<typeof buildApp>>
type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE' | 'HEAD' | 'OPTIONS'
type Fields = Record<string, string>

/** What can be told from an answer: all of it but the time and how many requests are left. */
export function seen({ statusCode, headers, body }: LightMyRequestResponse) {
  const { date: _, 'ratelimit-remaining': __, 'ratelimit-reset': ___, ...told } = headers
  return { statusCode, headers: told, body }
}

/** Somebody at a browser: keeps cookies, sends forms from our own pages, follows nothing by itself. */
export class Browser {
  readonly cookies = new Map<string, string>()
  readonly #app: App

  constructor(app: App) {
    this.#app = app
  }

  get headers(): Fields {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    return { 'sec-fetch-site': 'same-origin', ...(cookie && { cookie }) }
  }

  async request(method: Method, url: string, payload?: string | object, headers: Fields = {}) {
    const answer = await this.#app.inject({
      method,
      url,
      headers: { ...this.headers, ...headers },
      ...(payload !== undefined && { payload })
    })
    for (const { name, value, maxAge } of answer.cookies) {
      if (maxAge === 0) this.cookies.delete(name)
      else this.cookies.set(name, value)
    }
    return answer
  }

  open(url: string): Promise<LightMyRequestResponse> {
    return this.request('GET', url)
  }

  /** What comes of a request bit by bit, for answers that stay open; `until` reads on until something has come. */
  async listen(method: Method, url: string, payload?: string | object, headers: Fields = {}) {
    const answer = await this.#app.inject({
      method,
      url,
      headers: { ...this.headers, ...headers },
      payloadAsStream: true,
      ...(payload !== undefined && { payload })
    })
    const bits = answer.stream()[Symbol.asyncIterator]()
    let text = ''
    return {
      statusCode: answer.statusCode,
      headers: answer.headers,
      text: () => text,
      async until(sought: string) {
        while (!text.includes(sought)) {
          const { done, value } = await bits.next()
          if (done) throw new Error(`It ended without “${sought}”: ${text}`)
          text += value
        }
        return text
      },
      async rest() {
        for (let bit = await bits.next(); !bit.done; bit = await bits.next()) text += bit.value
        return text
      },
      leave: () => answer.stream().destroy()
    }
  }

  submit(url: string, fields: Fields = {}): Promise<LightMyRequestResponse> {
    const form = new URLSearchParams(fields).toString()
    return this.request('POST', url, form, { 'content-type': 'application/x-www-form-urlencoded' })
  }

  api(method: Method, url: string, body?: object): Promise<LightMyRequestResponse> {
    return this.request(method, url, body)
  }

  /** Sends a form with files, as `multipart/form-data`. */
  async sendFiles(url: string, fields: Fields, files: [name: string, content: string | Buffer][]) {
    const form = new FormData()
    for (const [name, value] of Object.entries(fields)) form.set(name, value)
    for (const [name, content] of files) form.append('file', new Blob([Uint8Array.from(Buffer.from(content))]), name)
    const encoded = new Response(form)
    const type = encoded.headers.get('content-type') as string
    return this.request('POST', url, Buffer.from(await encoded.arrayBuffer()), { 'content-type': type })
  }

  /** Puts a text into a workspace and waits until it has been read. */
  async puts(workspace_id: string, title: string, text: string, tags: string[] = []): Promise<string> {
    const answer = await this.api('POST', '/api/v1/documents', { workspace_id, title, text, tags })
    await this.#app.reading.done()
    return answer.json().id
  }

  async me(): Promise<{ id: string; email: string; username: string; room: { roomId: string } }> {
    return (await this.open('/api/v1/auth/me')).json()
  }

  async makesWorkspace(name: string): Promise<string> {
    return (await this.api('POST', '/api/v1/workspaces', { name })).json().id
  }

  /** A code into a workspace of this person's own. */
  async invites(workspace_id: string, role: 'editor' | 'viewer', more: object = {}): Promise<string> {
    return (await this.api('POST', '/api/v1/invites', { workspace_id, role, ...more })).json().code
  }

  async accepts(code: string) {
    return this.api('POST', '/api/v1/invites/accept', { code })
  }
}
