import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import { password, temporaryFolder } from '../support/carrel.ts'
import { fullDesk } from '../support/full-desk.ts'
import { attributesOf, elementsOf, textIn } from '../support/html.ts'
import { inTurn } from '../support/in-turn.ts'
import { mayLack } from '../support/programs.ts'

const run = promisify(execFile)

type Snippet = { method: string; path: string; language: string; code: string }
type Desk = Awaited<ReturnType<typeof fullDesk>>

/** What can be copied from a page of the reference, with the route and the language it stands under. */
function snippetsOn(page: string): Snippet[] {
  const found: Snippet[] = []
  let [method, path, language] = ['', '', '']
  for (const element of elementsOf(page)) {
    if (attributesOf(element).class === 'route') [method = '', path = ''] = textIn(element).split(' ')
    if (element.tagName === 'section') language = ''
    if (element.tagName === 'h4') language = textIn(element)
    if (element.tagName === 'pre' && language) found.push({ method, path, language, code: textIn(element) })
  }
  return found
}

const pathsOf = (page: string) =>
  elementsOf(page)
    .filter(({ tagName }) => tagName === 'a')
    .map((link) => attributesOf(link).href ?? '')
    .filter((href) => /^\/docs\/[a-z-]+$/.test(href) && href !== '/docs/json')

async function everySnippet({ visitor }: Desk): Promise<Snippet[]> {
  const start = (await visitor().open('/docs')).body
  const pages = await Promise.all([...new Set(pathsOf(start))].map((path) => visitor().open(path)))
  return inTurn(pages.flatMap(({ body }) => snippetsOn(body)))
}

const inCapitals = (name: string) => name.replaceAll(/([A-Z])/g, '_$1').toUpperCase()

/** What comes from outside, as somebody would set it who owns this desk. */
async function surroundings(t: Test, { app, ann, visitor, ids }: Desk): Promise<Record<string, string>> {
  const FILE = join(temporaryFolder(t), 'lamp.txt')
  writeFileSync(FILE, 'The lamp is filled every evening.')
  const scopes = ['read', 'write', 'profile', 'email']
  const signedIn = await visitor().api('POST', '/api/v1/auth/login', { username: 'ann', password })
  return {
    ...Object.fromEntries(Object.entries(ids).map(([name, value]) => [inCapitals(name), value])),
    CARREL: await app.listen({ port: 0, host: '127.0.0.1' }),
    KEY: (await ann.api('POST', '/api/v1/api-keys', { name: 'All of it', scopes })).json().key,
    TOKEN: signedIn.json().access_token,
    USERNAME: 'ann',
    CURRENT_PASSWORD: password,
    PASSWORD: password,
    FILE
  }
}

const programs: Record<string, [string, string[]]> = {
  curl: ['sh', ['-c']],
  'curl, with a file': ['sh', ['-c']],
  JavaScript: [process.execPath, ['--input-type=module', '-e']],
  Python: ['python3', ['-c']]
}

for (const group of [['curl', 'curl, with a file'], ['JavaScript'], ['Python']]) {
  const name = group[0] as string
  const skip = mayLack(name === 'Python' ? 'python3' : 'curl')
  t.test(`every route can be called as the reference shows it: ${name}`, { skip }, async (t) => {
    const desk = await fullDesk(t)
    const around = await surroundings(t, desk)
    const cwd = temporaryFolder(t)
    const routes = desk.app.routeTable.filter(({ method, url }) => method !== 'HEAD' && url.startsWith('/api/'))
    const snippets = (await everySnippet(desk)).filter(({ language }) => group.includes(language))
    t.equal(new Set(snippets.map(({ method, path }) => method + path)).size, routes.length, 'there is one for each')
    for (const { method, path, language, code } of snippets) {
      const [program, given] = programs[language] as [string, string[]]
      const env = { ...around, PATH: process.env.PATH, no_proxy: '*', PYTHONDONTWRITEBYTECODE: '1' }
      const { stdout } = await run(program, [...given, code], { env, cwd, timeout: 20_000 })
      const { statusCode, error } = JSON.parse(stdout.trim() || '{}')
      t.same({ statusCode, error }, { statusCode: undefined, error: undefined }, `${language}: ${method} ${path}`)
      const saved = /\/(original|export)$/.exec(path)?.[1]
      if (saved) t.match(readFileSync(join(cwd, saved), 'utf8'), 'deposit', `${language}: ${path} is kept`)
      t.notMatch(code, new RegExp(`${desk.ids.workspaceId}|crl_`), 'nothing of anybody is in it')
    }
  })
}
