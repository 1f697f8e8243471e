import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import { Browser } from '../support/browser.ts'
import { password, startApp } from '../support/carrel.ts'
import { launchChromium, signUpAs, startSite } from '../support/chromium.ts'
import { dictated, says, startModelServer } from '../support/model-server.ts'

const browser = await launchChromium(t)
const code = 'Run this [1]:\n\n```sh\ncarrel --start\n```\n\nAnd that is all.'

/** Ann at a page, with a lease on her desk, before a model that says the first answer as it is told to. */
async function annAsks(t: Test, javaScriptEnabled: boolean) {
  const voice = dictated()
  const model = await startModelServer(t, voice.script, says(code))
  const site = await startSite(t, browser, { MODEL_URL: model.url, MODEL_NAME: 'small' })
  const page = await site.newPage({ javaScriptEnabled })
  await signUpAs(page, 'Ann')
  const ann = new Browser(site.app)
  await ann.submit('/login', { email: 'ann@example.com', password })
  const { room } = await ann.me()
  await ann.puts(room.roomId, 'Lease', 'The Landlord shall keep in repair the installations for heating.')
  await page.goto(`/workspaces/${room.roomId}`)
  await page.getByLabel('Ask about these documents').fill('Who repairs the heating?')
  await page.getByRole('button', { name: 'Ask', exact: true }).click({ noWaitAfter: true })
  await page.waitForURL('**/chats/*', { waitUntil: 'commit' })
  return { ...site, page, voice }
}

for (const javaScriptEnabled of [true, false]) {
  t.test(`an answer appears as it is written, with scripts ${javaScriptEnabled ? 'on' : 'off'}`, async (t) => {
    const { page, voice } = await annAsks(t, javaScriptEnabled)
    await page.getByText('An answer is being written').waitFor()
    await voice.say('The landlord repairs it [1]. And')
    await page.getByText('The landlord repairs it').waitFor()
    t.ok(await page.getByRole('button', { name: 'Stop' }).isVisible())
    t.equal(await page.getByLabel('Sources').count(), 0)
    await voice.say(' quickly.')
    await voice.end()
    await page.getByText('And quickly.').waitFor()
    await page.getByLabel('Sources').getByRole('link', { name: 'Lease' }).waitFor()
    t.notOk(await page.getByText('An answer is being written').isVisible())
    t.notOk(await page.getByRole('button', { name: 'Stop' }).isVisible())

    await page.getByLabel('Ask further').fill('How do I start it?')
    await page.getByRole('button', { name: 'Ask', exact: true }).click()
    await page.getByText('And that is all.').waitFor()
    t.equal(await page.locator('.question').count(), 2)
    const copy = page.getByRole('button', { name: 'Copy' })
    if (javaScriptEnabled) await copy.waitFor()
    else t.equal(await copy.count(), 0)
    await page.reload()
    t.equal(await page.getByText('And that is all.').count(), 1)
  })
}

t.test('an answer can be stopped from its page, without scripts', async (t) => {
  const { page, voice } = await annAsks(t, false)
  await voice.say('Half of it is')
  await page.getByText('Half of it').waitFor()
  await page.getByRole('button', { name: 'Stop' }).click()
  await page.getByText('You stopped this.').waitFor()
  await page.getByRole('button', { name: 'Ask again' }).click()
  await page.getByText('And that is all.').waitFor()
})

t.test('with scripts the next question is asked in the open page, and what is typed meanwhile stays', async (t) => {
  const [first, second] = [dictated(), dictated()]
  const model = await startModelServer(t, first.script, second.script)
  const { newPage, app } = await startSite(t, browser, { MODEL_URL: model.url })
  const page = await newPage()
  await signUpAs(page, 'Ann')
  const ann = new Browser(app)
  await ann.submit('/login', { email: 'ann@example.com', password })
  const { room } = await ann.me()
  await ann.puts(room.roomId, 'Lease', 'The Landlord shall keep in repair the installations for heating.')
  const chat = (await ann.api('POST', '/api/v1/chats', { workspace_id: room.roomId })).json().id
  await page.goto(`/workspaces/${room.roomId}/chats/${chat}`, { waitUntil: 'networkidle' })
  const box = page.getByLabel('Ask about your documents')
  await box.fill('Who repairs the heating?')
  await page.getByRole('button', { name: 'Ask', exact: true }).click()
  await first.say('It is the landlord who')
  await page.getByText('It is the landlord').waitFor()
  t.equal(await box.inputValue(), '', 'the box is free for the next question')
  await box.fill('And who pays')
  await first.say(' does.')
  await first.end()
  await page.getByText('landlord who does.').waitFor()
  await page.getByText('Why this answer').waitFor()
  t.equal(await box.inputValue(), 'And who pays')

  await page.getByRole('button', { name: 'Ask', exact: true }).click()
  await second.say('Only the beginning of')
  await page.getByText('Only the beginning').waitFor()
  await app.answering.close()
  await page.getByText('Carrel was stopped while it wrote this.').waitFor()
})

t.test('w3m shows an answer that was being written when it came', async (t) => {
  const voice = dictated()
  const model = await startModelServer(t, voice.script)
  const { app, person } = await startApp(t, { MODEL_URL: model.url })
  const site = await app.listen({ port: 0, host: '127.0.0.1' })
  const ann = await person('Ann')
  const flat = await ann.makesWorkspace('Flat')
  await ann.puts(flat, 'Lease', 'The Landlord shall keep in repair the installations for heating.')
  const asked = await ann.submit(`/workspaces/${flat}/chats`, { question: 'Who repairs the heating?' })
  const options = [
    '-dump',
    '-cols',
    '80',
    '-header',
    `Cookie: ${ann.headers.cookie}`,
    `${site}${asked.headers.location}`
  ]
  const shown = promisify(execFile)('w3m', options)
  await voice.say('The landlord repairs it [1].')
  await voice.end()
  t.match((await shown).stdout, /Who repairs the heating\?.*The landlord repairs it \[1\].*1 · Lease/s)
})
