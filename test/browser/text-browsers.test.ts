import { execFile, execFileSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import t from 'tap'
import { startApp, temporaryFolder } from '../support/carrel.ts'
import { startProvider } from '../support/identity-provider.ts'

const run = promisify(execFile)
const required = process.env.CARREL_TEST_REQUIRE === 'everything'

function installed(program: string): boolean {
  try {
    execFileSync(program, ['-version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

const dump = { lynx: ['-dump', '-nomore'], w3m: ['-dump', '-cols', '80'] }

/** What a hand on the keyboard does in lynx: over three links, a word per field, past the honeypot, send, quit. */
function keysFor(words: string[]): string {
  const typed = words.flatMap((word) => [...word.replaceAll(' ', '\0'), '<tab>'])
  const keys = ['<tab>', '<tab>', '<tab>', ...typed, '<tab>', '^J', 'q', 'y']
  return keys.map((key) => `key ${key.replace('\0', '<space>')}\n`).join('')
}

for (const [name, options] of Object.entries(dump)) {
  t.test(`${name} shows the pages in a readable order`, { skip: !required && !installed(name) }, async (t) => {
    const { app } = await startApp(t)
    const site = await app.listen({ port: 0, host: '127.0.0.1' })
    const read = async (path: string) => (await run(name, [...options, `${site}${path}`])).stdout
    const landing = await read('/')
    t.match(landing, 'A desk of your own in the library')
    t.match(landing, 'Create your desk')
    t.notMatch(landing, /Password/, 'no form lies hidden in a page that has none')
    const register = await read('/register')
    for (const label of ['First name', 'Last name', 'Email', 'Username', 'Password', 'Create account']) {
      t.match(register, label)
    }
    t.match(await read('/workspaces'), 'Email or username', 'a stranger is led to the sign-in page')
  })
}

t.test('lynx signs up by the form and sees the desk', { skip: !required && !installed('lynx') }, async (t) => {
  const { app } = await startApp(t)
  const site = await app.listen({ port: 0, host: '127.0.0.1' })
  const folder = temporaryFolder(t)
  const script = `${folder}/keys`
  await writeFile(script, keysFor(['Ann', 'Arbor', 'ann@example.com', '', 'four unrelated words']))
  const options = [`-cmd_script=${script}`, '-accept_all_cookies', '-delay=0', `${site}/register`]
  const { stdout } = await run('lynx', options, { env: { ...process.env, TERM: 'vt100', HOME: folder } })

  t.match(stdout, 'Invite somebody')
  t.match(await app.db.selectFrom('accounts').select(['email', 'first_name']).execute(), [
    { email: 'ann@example.com', first_name: 'Ann' }
  ])
})

t.test(
  'lynx is led on to a provider, and shows the way there',
  { skip: !required && !installed('lynx') },
  async (t) => {
    const provider = await startProvider(t)
    const { app } = await startApp(t, provider.settings)
    const site = await app.listen({ port: 0, host: '127.0.0.1' })
    const folder = temporaryFolder(t)
    const script = `${folder}/keys`
    const overThreeLinks = ['<tab>', '<tab>', '<tab>', '^J', 'q', 'y']
    await writeFile(script, overThreeLinks.map((key) => `key ${key}\n`).join(''))
    const options = [`-cmd_script=${script}`, '-accept_all_cookies', '-delay=0', `${site}/login/with/oidc`]
    const { stdout } = await run('lynx', options, { env: { ...process.env, TERM: 'vt100', HOME: folder } })

    t.match(stdout, 'your email address')
    t.match(stdout, 'On the way to the Library')
    t.match(stdout, 'go on to the Library')
    t.equal((await app.db.selectFrom('sign_in_attempts').selectAll().execute()).length, 1)
  }
)
