import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import t from 'tap'
import { startApp, temporaryFolder } from '../support/carrel.ts'
import { startProvider } from '../support/identity-provider.ts'
import { mayLack } from '../support/programs.ts'

const run = promisify(execFile)
const dump = { lynx: ['-dump', '-nomore'], w3m: ['-dump', '-cols', '80'] }

const typed = (text: string) => [...text].map((key) => (key === ' ' ? '<space>' : key))

/** What a hand on the keyboard does in lynx to sign up: over three links, a word per field, past the honeypot, send. */
const signUp = (words: string[]) => [
  ...['<tab>', '<tab>', '<tab>'],
  ...words.flatMap((word) => [...typed(word), '<tab>']),
  ...['<tab>', '^J']
]
/** Goes over the links of the header, to the button behind them, and presses it. */
const signOut = [...Array(8).fill('<tab>'), '^J']

const scriptOf = (keys: string[]) => [...keys, 'q', 'y'].map((key) => `key ${key}\n`).join('')

for (const [name, options] of Object.entries(dump)) {
  t.test(`${name} shows the pages in a readable order`, { skip: mayLack(name) }, async (t) => {
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

t.test('lynx signs up by the form, sees the desk, and signs out', { skip: mayLack('lynx') }, async (t) => {
  const { app } = await startApp(t)
  const site = await app.listen({ port: 0, host: '127.0.0.1' })
  const folder = temporaryFolder(t)
  const script = `${folder}/keys`
  const words = ['Ann', 'Arbor', 'ann@example.com', '', 'four unrelated words']
  await writeFile(script, scriptOf([...signUp(words), ...signOut]))
  const options = [`-cmd_script=${script}`, '-accept_all_cookies', '-delay=0', `${site}/register`]
  const { stdout } = await run('lynx', options, { env: { ...process.env, TERM: 'vt100', HOME: folder } })

  t.match(stdout, 'Invite somebody')
  t.match(await app.db.selectFrom('accounts').select(['email', 'first_name']).execute(), [
    { email: 'ann@example.com', first_name: 'Ann' }
  ])
  t.same(await app.db.selectFrom('sessions').selectAll().execute(), [])
})

t.test('lynx is led on to a provider, and shows the way there', { skip: mayLack('lynx') }, async (t) => {
  const provider = await startProvider(t)
  const { app } = await startApp(t, provider.settings)
  const site = await app.listen({ port: 0, host: '127.0.0.1' })
  const folder = temporaryFolder(t)
  const script = `${folder}/keys`
  await writeFile(script, scriptOf(['<tab>', '<tab>', '<tab>', '^J']))
  const options = [`-cmd_script=${script}`, '-accept_all_cookies', '-delay=0', `${site}/login/with/oidc`]
  const { stdout } = await run('lynx', options, { env: { ...process.env, TERM: 'vt100', HOME: folder } })

  t.match(stdout, 'your email address')
  t.match(stdout, 'On the way to the Library')
  t.match(stdout, 'go on to the Library')
  t.equal((await app.db.selectFrom('sign_in_attempts').selectAll().execute()).length, 1)
})
