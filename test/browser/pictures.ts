// `npm run pictures`: takes the pictures of the README anew, from a Carrel with Ann's things in it.
import { join } from 'node:path'
import t from 'tap'
import { Browser } from '../support/browser.ts'
import { password } from '../support/carrel.ts'
import { launchChromium, signUpAs, startSite } from '../support/chromium.ts'

const folder = join(import.meta.dirname, 'pictures')
const desktop = { viewport: { width: 1280, height: 720 } }
const phone = { viewport: { width: 390, height: 760 }, deviceScaleFactor: 2, isMobile: true }

const lease = `# Lease of 12 Elm Street

## Repairs

The Landlord shall keep in repair and proper working order the installations for space heating and heating water.

## Rent

The rent is due on the third working day of each month.`

const rules = `# House rules

## Repairs

Loss of heating between October and April is urgent. The work on the heating has to start within twenty-four hours of the
written report.`

t.test('pictures', async (t) => {
  const { newPage, person, app } = await startSite(t, await launchChromium(t))
  const page = await newPage(desktop)
  await signUpAs(page, 'Ann')
  const workspaces = [
    ['Garden club', 'Minutes, the planting plan, and who has the key'],
    ['Spanish course', ''],
    ['Home papers', 'The lease, the boiler, the house rules, and every letter about them']
  ]
  for (const [name = '', description = ''] of workspaces) {
    await page.goto('/workspaces/new')
    await page.getByLabel('Name').fill(name)
    await page.getByLabel('What it is for').fill(description)
    await page.getByRole('button', { name: 'Make workspace' }).click()
    await page.getByRole('heading', { name }).waitFor()
  }
  await page.goto('/')
  await page.screenshot({ path: join(folder, 'desk.png') })

  const state = await page.context().storageState()
  const small = await newPage({ ...phone, storageState: state })
  await small.goto('/')
  await small.screenshot({ path: join(folder, 'desk-phone.png') })

  const ann = new Browser(app)
  await ann.submit('/login', { email: 'ann@example.com', password })
  const papers = (await ann.open('/api/v1/workspaces?limit=1')).json().items[0].id
  await ann.puts(papers, 'Lease of 12 Elm Street', lease)
  await ann.puts(papers, 'House rules', rules)
  const question = 'Who has to keep the heating in repair, and when does the work start?'
  const chat = await ann.submit(`/workspaces/${papers}/chats`, { question })
  await app.answering.idle()
  await page.goto(chat.headers.location as string)
  await page.screenshot({ path: join(folder, 'answer.png') })

  await person('Bob')
  const dark = await newPage({ ...desktop, colorScheme: 'dark' })
  await dark.goto('/')
  await dark.getByRole('banner').getByText('Sign in').click()
  await dark.getByRole('dialog').getByLabel('Email or username').waitFor()
  await dark.screenshot({ path: join(folder, 'sign-in-dark.png') })
})
