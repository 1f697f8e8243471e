import { readdirSync, readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { SMTPServer } from 'smtp-server'
import t, { type Test } from 'tap'
import { type Browser, seen } from '../support/browser.ts'
import { type Carrel, password, startApp } from '../support/carrel.ts'

const quietly = { SIGNUP_DISCLOSURE: 'private', PUBLIC_URL: 'http://carrel.example.com' }
const day = 24 * 3600
const ann = { firstName: 'Ann', lastName: 'Arbor', email: 'ann@example.com', password }
const bob = { ...ann, firstName: 'Bob', email: 'bob@example.com' }
const lastLine = 'If this was not you, there is nothing to do.'

type Letter = { to: string; text: string; link: string | undefined }

function read(eml: string): Letter {
  const text = eml.replaceAll(/=\r?\n/g, '').replaceAll('=3D', '=')
  return { text, to: /^To: (.*)$/m.exec(text)?.[1] as string, link: /\/verify-email\?token=\S+/.exec(text)?.[0] }
}

/** The letters in the outbox once there are `count` of them, whole; they are written after the answer. */
async function lettersIn({ app }: Carrel, count: number): Promise<Letter[]> {
  const outbox = join(app.config.dataDir, 'outbox')
  for (const giveUp = Date.now() + 10_000; Date.now() < giveUp; await setImmediate()) {
    const names = readdirSync(app.config.dataDir).includes('outbox') ? readdirSync(outbox).sort() : []
    const letters = names.map((name) => read(readFileSync(join(outbox, name), 'utf8')))
    if (letters.length >= count && letters.every(({ text }) => text.includes(lastLine))) return letters
  }
  throw new Error(`There were not ${count} letters`)
}

const accounts = async ({ app }: Carrel) =>
  (await app.db.selectFrom('accounts').select('email').orderBy('email').execute()).map(({ email }) => email)

/** Opens the link, types the password and presses the button; where there is none, sends what it would have sent. */
async function presses(browser: Browser, link: string, typed = password) {
  const { body } = await browser.open(link)
  const hidden = [...body.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g)]
  const token = new URLSearchParams(link.split('?')[1]).get('token') as string
  return browser.submit('/verify-email', {
    token,
    password: typed,
    ...Object.fromEntries(hidden.map(([, name, value]) => [name, value]))
  })
}

/** Ann, who has confirmed her address and is signed in. */
async function confirmedAnn(carrel: Carrel): Promise<Browser> {
  const browser = carrel.visitor()
  await browser.submit('/register', ann)
  const [letter] = await lettersIn(carrel, 1)
  await presses(browser, letter?.link as string)
  return browser
}

t.test('a taken and a free email get the same answer, as a page and as JSON', async (t) => {
  const carrel = await startApp(t, quietly)
  await confirmedAnn(carrel)
  const asks = (fields: typeof ann & { username?: string }) => carrel.visitor().submit('/register', fields)
  const free = seen(await asks(bob))

  t.equal(free.statusCode, 200)
  t.match(free.body, 'Check your email')
  t.notOk(free.headers['set-cookie'])
  t.same(seen(await asks(ann)), free)
  t.same(seen(await asks({ ...ann, email: ' ANN@example.com' })), free)
  t.same(seen(await asks({ ...bob, username: 'ann' })), free, 'nor is a taken username told')

  const json = async (fields: object) => seen(await carrel.visitor().api('POST', '/api/auth/signup', fields))
  const freeJson = await json({ ...bob, email: 'b@example.com' })
  t.equal(freeJson.statusCode, 200)
  t.same(JSON.parse(freeJson.body), { success: true, message: 'Check your email.' })
  t.same(await json(ann), freeJson)
  t.same(await json({ ...ann, username: 'ann', email: 'c@example.com' }), freeJson)
  t.same(await accounts(carrel), ['ann@example.com'])
})

t.test('what is wrong with the form is said as ever', async (t) => {
  const carrel = await startApp(t, quietly)
  t.equal((await carrel.visitor().submit('/register', { ...bob, password: 'brief' })).statusCode, 422)
  t.equal((await carrel.visitor().submit('/register', { ...bob, website: 'x' })).statusCode, 400)
  t.equal((await carrel.visitor().api('POST', '/api/auth/signup', { ...bob, email: 'x' })).statusCode, 400)
  t.same(await carrel.app.db.selectFrom('pending_signups').selectAll().execute(), [])
})

t.test('opening the link makes nothing, pressing its button makes the account, once', async (t) => {
  const carrel = await startApp(t, quietly)
  const browser = carrel.visitor()
  await browser.submit('/register', { ...bob, username: 'bobby', next: '/tasks' })
  const [letter] = await lettersIn(carrel, 1)
  const link = letter?.link as string
  t.equal(letter?.to, 'bob@example.com')
  t.match(letter?.text, `http://carrel.example.com${link}`)
  t.notMatch(letter?.text, password)

  const mailProgram = carrel.visitor()
  for (let time = 0; time < 2; time += 1) {
    const page = await mailProgram.open(link)
    t.equal(page.statusCode, 200)
    t.match(page.body, '<form class="card" method="post" action="/verify-email" novalidate>')
    t.notOk(page.headers['set-cookie'])
  }
  t.same(await accounts(carrel), [])
  t.equal((await carrel.visitor().submit('/login', { email: bob.email, password })).statusCode, 422)

  const pressed = await presses(browser, link)
  t.match(pressed, { statusCode: 303, headers: { location: '/tasks' } })
  t.match(await browser.me(), { email: 'bob@example.com', username: 'bobby', room: { name: "Bob Arbor's Room" } })
  t.equal((await browser.open('/api/v1/tasks')).json().items.length, 3)
  t.equal((await carrel.visitor().submit('/login', { email: 'bobby', password })).statusCode, 303)

  const again = carrel.visitor()
  t.equal((await presses(again, link)).statusCode, 404)
  t.equal((await again.open(link)).statusCode, 404)
  t.equal((await again.open('/api/v1/auth/me')).statusCode, 401)
  t.same(await accounts(carrel), ['bob@example.com'])
})

t.test('a link is used up by one of two who press it at the same moment', async (t) => {
  const carrel = await startApp(t, quietly)
  await carrel.visitor().submit('/register', bob)
  const link = (await lettersIn(carrel, 1))[0]?.link as string
  const pressed = await Promise.all([1, 2, 3].map(() => presses(carrel.visitor(), link)))
  t.same(pressed.map(({ statusCode }) => statusCode).sort(), [303, 404, 404])
  t.same(await accounts(carrel), ['bob@example.com'])
})

t.test('a link works for a day, and a made-up one never', async (t) => {
  const carrel = await startApp(t, quietly)
  const browser = carrel.visitor()
  await browser.submit('/register', bob)
  const link = (await lettersIn(carrel, 1))[0]?.link as string

  carrel.clock.pass(day - 1)
  t.equal((await browser.open(link)).statusCode, 200)
  carrel.clock.pass(1)
  const late = seen(await browser.open(link))
  t.equal(late.statusCode, 404)
  t.same(late, seen(await browser.open(`/verify-email?token=${'A'.repeat(43)}`)))
  t.same(late, seen(await browser.open('/verify-email')))
  t.equal((await presses(browser, link)).statusCode, 404)
  t.equal((await presses(browser, '/verify-email?token=')).statusCode >= 400, true)
  t.same(await accounts(carrel), [])
})

t.test('to an address that has an account goes a letter that opens nothing', async (t) => {
  const carrel = await startApp(t, quietly)
  await confirmedAnn(carrel)
  await carrel.visitor().submit('/register', { ...ann, firstName: 'Mallory', password: 'another four words' })
  const [, letter] = await lettersIn(carrel, 2)

  t.equal(letter?.to, 'ann@example.com')
  t.match(letter?.text, 'http://carrel.example.com/login')
  t.equal(letter?.link, undefined)
  t.notMatch(letter?.text, 'Mallory')
  t.same(await accounts(carrel), ['ann@example.com'])
  t.equal((await carrel.visitor().submit('/login', { email: ann.email, password })).statusCode, 303)
  const intruder = { email: ann.email, password: 'another four words' }
  t.equal((await carrel.visitor().submit('/login', intruder)).statusCode, 422)
})

t.test('of two sign-ups for one address the first to be confirmed counts', async (t) => {
  const carrel = await startApp(t, quietly)
  await carrel.visitor().submit('/register', { ...bob, firstName: 'Bobby' })
  await lettersIn(carrel, 1)
  await carrel.visitor().submit('/register', { ...bob, username: 'bob' })
  const links = (await lettersIn(carrel, 2)).map(({ link }) => link as string)
  t.equal((await presses(carrel.visitor(), links[1] as string)).statusCode, 303)
  t.equal((await carrel.visitor().open(links[0] as string)).statusCode, 404)
  t.equal((await presses(carrel.visitor(), links[0] as string)).statusCode, 404)
  t.same(await accounts(carrel), ['bob@example.com'])
})

t.test('a username that was taken meanwhile gives way', async (t) => {
  const carrel = await startApp(t, quietly)
  await carrel.visitor().submit('/register', { ...bob, username: 'reader' })
  const first = (await lettersIn(carrel, 1))[0]?.link as string
  await carrel.visitor().submit('/register', { ...ann, username: 'reader' })
  const second = (await lettersIn(carrel, 2))[1]?.link as string
  await presses(carrel.visitor(), first)
  const browser = carrel.visitor()
  t.equal((await presses(browser, second)).statusCode, 303)
  t.equal((await browser.me()).username, 'ann')
})

t.test('an invite is kept through the letter, wherever it is opened, and never stored in clear', async (t) => {
  const carrel = await startApp(t, quietly)
  const annsBrowser = await confirmedAnn(carrel)
  const flat = await annsBrowser.makesWorkspace('Flat')
  const code = await annsBrowser.invites(flat, 'viewer')
  const here = `/accept-invite?code=${code}`

  const desk = carrel.visitor()
  await desk.open(here)
  await desk.submit('/register', { ...bob, next: here })
  const link = (await lettersIn(carrel, 2))[1]?.link as string
  const waiting = await carrel.app.db.selectFrom('pending_signups').selectAll().execute()
  t.notOk(JSON.stringify(waiting).includes(code), 'what waits in the database opens no workspace')

  const phone = carrel.visitor()
  t.equal((await presses(phone, link)).headers.location, here)
  t.equal((await phone.accepts(code)).statusCode, 200)
})

t.test('whoever asks for a desk in the name of another gets no password to it', async (t) => {
  const carrel = await startApp(t, quietly)
  const theirs = 'a password of the stranger'
  await carrel.visitor().submit('/register', { ...ann, firstName: 'Mallory', password: theirs })
  const link = (await lettersIn(carrel, 1))[0]?.link as string

  const owner = carrel.visitor()
  t.match(await owner.open(link), { statusCode: 200, body: /ann@example\.com/ })
  const refused = await presses(owner, link)
  t.match(refused, { statusCode: 422, body: /not the password you chose/ })
  t.notMatch(refused.body, password)
  t.same(await accounts(carrel), [])

  for (let guess = 1; guess < 10; guess += 1) t.equal((await presses(owner, link)).statusCode, 422)
  t.equal((await presses(owner, link, theirs)).statusCode, 429, 'nor may it be guessed without end')
  t.same(await accounts(carrel), [])
})

t.test('nobody can use up the letters of another', async (t) => {
  const carrel = await startApp(t, { ...quietly, TRUST_PROXY: '127.0.0.1' })
  const asks = (from: string, fields: object) =>
    carrel.visitor().request('POST', '/api/auth/signup', fields, { 'x-forwarded-for': from })
  const stranger = { ...ann, password: 'a password of the stranger' }
  for (let time = 0; time < 6; time += 1) await asks('203.0.113.7', stranger)
  await asks('198.51.100.4', ann)

  const letters = await lettersIn(carrel, 4)
  t.equal(letters.length, 4)
  const pressed = []
  for (const { link } of letters) pressed.push((await presses(carrel.visitor(), link as string)).statusCode)
  t.same(pressed.sort(), [303, 422, 422, 422])
  t.same(await accounts(carrel), ['ann@example.com'])
})

t.test('a letter makes nobody a reader of a Carrel that was closed meanwhile', async (t) => {
  const carrel = await startApp(t, quietly)
  await carrel.visitor().submit('/register', bob)
  const link = (await lettersIn(carrel, 1))[0]?.link as string
  carrel.app.config = { ...carrel.app.config, signup: 'closed' }
  t.equal((await presses(carrel.visitor(), link)).statusCode, 403)
  carrel.app.config = { ...carrel.app.config, signup: 'invite' }
  t.equal((await presses(carrel.visitor(), link)).statusCode, 403)
  t.same(await accounts(carrel), [])
})

t.test('where only the invited may join, the invite is used up by whoever confirms', async (t) => {
  const carrel = await startApp(t, quietly)
  const annsBrowser = await confirmedAnn(carrel)
  const code = await annsBrowser.invites(await annsBrowser.makesWorkspace('Flat'), 'viewer')
  carrel.app.config = { ...carrel.app.config, signup: 'invite' }

  const asks = (fields: object) => carrel.visitor().api('POST', '/api/auth/signup', { ...fields, inviteCode: code })
  await asks(bob)
  await asks({ ...bob, email: 'cleo@example.com' })
  const [, first, second] = (await lettersIn(carrel, 3)).map(({ link }) => link as string)
  t.equal((await presses(carrel.visitor(), first as string)).statusCode, 303)
  t.equal((await presses(carrel.visitor(), second as string)).statusCode, 403)
  t.equal((await accounts(carrel)).length, 2)
})

t.test('a letter leads nowhere else', async (t) => {
  const carrel = await startApp(t, quietly)
  const browser = carrel.visitor()
  for (const [index, next] of ['//evil.example', 'https://evil.example/', '/\u0000'].entries()) {
    const asked = await browser.submit('/register', { ...bob, email: `b${index}@example.com`, next })
    t.equal(asked.statusCode, 200, JSON.stringify(next))
    const letter = (await lettersIn(carrel, index + 1))[index] as Letter
    t.notMatch(letter.text, 'evil')
    t.equal((await presses(carrel.visitor(), letter.link as string)).headers.location, '/invite-coparent')
  }
})

t.test('nobody is flooded with letters, and nobody can tell', async (t) => {
  const carrel = await startApp(t, quietly)
  const asks = async (email: string) => seen(await carrel.visitor().submit('/register', { ...bob, email }))
  const first = await asks('bob@example.com')
  for (let time = 0; time < 5; time += 1) t.same(await asks('bob@example.com'), first)
  await asks('cleo@example.com')
  const letters = await lettersIn(carrel, 4)
  t.equal(letters.filter(({ to }) => to === 'bob@example.com').length, 3)
  t.equal(letters.filter(({ to }) => to === 'cleo@example.com').length, 1)
})

/** A mail server of this test's own; its letters as they arrive. */
async function mailServer(t: Test) {
  let arrived: (letter: Letter & { recipients: string[] }) => void = () => {}
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    onData(stream, session, done) {
      let text = ''
      stream.on('data', (chunk) => {
        text += chunk
      })
      stream.on('end', () => {
        arrived({ ...read(text), recipients: session.envelope.rcptTo.map(({ address }) => address) })
        done()
      })
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => new Promise<void>((resolve) => server.close(resolve)))
  const next = () =>
    new Promise<Letter & { recipients: string[] }>((resolve) => {
      arrived = resolve
    })
  return { port: (server.server.address() as AddressInfo).port, next }
}

t.test('with a mail server the letter arrives there, at the right address, and works', async (t) => {
  const post = await mailServer(t)
  const carrel = await startApp(t, {
    ...quietly,
    SMTP_URL: `smtp://127.0.0.1:${post.port}`,
    MAIL_FROM: 'The library <desk@example.org>'
  })
  const browser = carrel.visitor()
  const [letter] = await Promise.all([post.next(), browser.submit('/register', bob)])

  t.same(letter.recipients, ['bob@example.com'])
  t.equal(letter.to, 'bob@example.com')
  t.match(letter.text, /^From: The library <desk@example\.org>$/m)
  t.equal((await presses(browser, letter.link as string)).statusCode, 303)
  t.equal((await browser.me()).email, 'bob@example.com')
  t.notOk(readdirSync(carrel.app.config.dataDir).includes('outbox'), 'nothing is left lying about')

  const [taken] = await Promise.all([post.next(), carrel.visitor().submit('/register', bob)])
  t.same(taken.recipients, ['bob@example.com'])
  t.equal(taken.link, undefined)
})

t.test('a mail server that is not there changes no answer and stops nothing', async (t) => {
  const carrel = await startApp(t, { ...quietly, SMTP_URL: 'smtp://127.0.0.1:1' })
  t.equal((await carrel.visitor().submit('/register', bob)).statusCode, 200)
  t.equal((await carrel.visitor().submit('/register', bob)).statusCode, 200)
  t.equal((await carrel.visitor().open('/')).statusCode, 200)
})
