// `npm run pictures`: takes the pictures of the README anew, from a Carrel with Ann's things in it.
import { join } from 'node:path'
import t from 'tap'
import { launchChromium, signUpAs, startSite } from '../support/chromium.ts'

const folder = join(import.meta.dirname, 'pictures')
const desktop = { viewport: { width: 1280, height: 720 } }
const phone = { viewport: { width: 390, height: 760 }, deviceScaleFactor: 2, isMobile: true }

t.test('pictures', async (t) => {
  const { newPage, person } = await startSite(t, await launchChromium(t))
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

  await person('Bob')
  const dark = await newPage({ ...desktop, colorScheme: 'dark' })
  await dark.goto('/')
  await dark.getByRole('banner').getByText('Sign in').click()
  await dark.getByRole('dialog').getByLabel('Email or username').waitFor()
  await dark.screenshot({ path: join(folder, 'sign-in-dark.png') })
})
