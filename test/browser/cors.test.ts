import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { password } from '../support/carrel.ts'
import { launchChromium, signUpAs, startSite } from '../support/chromium.ts'

const browser = await launchChromium(t)

/** A page of somebody else's, at an origin of its own. */
async function otherSite(t: Test): Promise<string> {
  const server = createServer((_, answer) => answer.setHeader('content-type', 'text/html').end('<!doctype html>'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.close()
    server.closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

type Fields = Record<string, string>
type Asked = {
  url: string
  method?: string
  headers?: Fields
  body?: string
  mode?: 'no-cors'
  credentials?: 'include'
}
type Heard = { status: number; tag: string | null; body: Fields }

/** What a page hears when it asks; nothing where the browser keeps the answer from it. */
function asks({ url, ...options }: Asked): Promise<Heard | undefined> {
  const heard = async (answer: Response) => ({
    status: answer.status,
    tag: answer.headers.get('etag'),
    body: answer.status === 204 ? {} : ((await answer.json()) as Heard['body'])
  })
  return fetch(url, options).then(heard, () => undefined)
}

for (const listed of [true, false]) {
  t.test(`a page of another origin ${listed ? 'that is listed reads' : 'is kept away from'} the API`, async (t) => {
    const other = await otherSite(t)
    const { newPage, site } = await startSite(t, browser, listed ? { CORS_ORIGINS: other } : {})
    const page = await newPage()
    await signUpAs(page, 'Ann')
    await page.goto(other)

    const ask = (asked: Asked) => page.evaluate(asks, asked)
    const json = { 'content-type': 'application/json' }
    const post = (path: string, body: object, headers = {}) => ({
      url: `${site}/api/v1${path}`,
      method: 'POST',
      headers: { ...json, ...headers },
      body: JSON.stringify(body)
    })
    const entered = await ask(post('/auth/login', { username: 'ann', password }))
    t.equal(entered?.body.token_type, listed ? 'bearer' : undefined)
    const token = entered?.body.access_token
    const authorization = `Bearer ${token}`
    const made = await ask(post('/workspaces', { name: 'Flat' }, { authorization }))
    t.equal(made?.status, listed ? 201 : undefined)
    const url = `${site}/api/v1/workspaces/${made?.body.id}`
    const read = await ask({ url, headers: { authorization } })
    t.match(read, listed ? { status: 200, tag: /^"/, body: { name: 'Flat' } } : undefined)
    const gone = await ask({ url, method: 'DELETE', headers: { authorization } })
    t.equal(gone?.status, listed ? 204 : undefined)

    const own = await ask({ url: `${site}/api/v1/auth/me`, credentials: 'include' })
    t.equal(own, undefined, 'what the browser would show by itself opens nothing')
    await ask({
      url: `${site}/api/v1/workspaces`,
      method: 'POST',
      mode: 'no-cors',
      credentials: 'include',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'name=Planted'
    })
    t.equal(await ask({ url: `${site}/workspaces` }), undefined, 'no page of ours is read')

    await page.goto(`${site}/workspaces`)
    t.ok(await page.getByRole('button', { name: 'Sign out' }).isVisible(), 'and Ann is still who she was')
    t.equal(await page.getByText('Planted').count(), 0)
  })
}
