import t, { type Test } from 'tap'
import { password } from '../support/carrel.ts'
import { launchChromium, startSite, violations } from '../support/chromium.ts'
import { startOidcProvider } from '../support/oidc-provider.ts'

const browser = await launchChromium(t)

/** A Carrel that sends people to a real provider, and is sent them back. */
async function withProvider(t: Test) {
  const provider = await startOidcProvider(t)
  const site = await startSite(t, browser, provider.settings)
  await provider.open(`${site.site}/login/with/oidc/callback`)
  return { ...site, provider }
}

type Page = Awaited<ReturnType<Awaited<ReturnType<typeof withProvider>>['newPage']>>

/** What somebody does at the provider: a name, any password, and yes. */
async function signInThere(page: Page, name: string) {
  await page.locator('input[name=login]').fill(name)
  await page.locator('input[name=password]').fill('anything')
  await page.locator('button[type=submit]').click()
  await page.getByRole('button', { name: 'Continue' }).click()
}

for (const javaScriptEnabled of [true, false]) {
  t.test(`the whole trip works with JavaScript ${javaScriptEnabled ? 'on' : 'off'}`, async (t) => {
    const { newPage, site } = await withProvider(t)
    const page = await newPage({ javaScriptEnabled })
    const complaints: string[] = []
    page.on(
      'console',
      (said) => said.type() === 'error' && said.text().includes('Policy') && complaints.push(said.text())
    )
    await page.goto('/login?next=/tasks')
    await page.getByRole('link', { name: 'Continue with the Library' }).click()
    if (javaScriptEnabled) t.same(await violations(page), [])
    await page.getByRole('button', { name: 'Go on to the Library' }).click()
    await signInThere(page, 'cleo')
    await page.waitForURL(`${site}/tasks`)
    t.match(await page.getByRole('banner').innerText(), 'Cleo Arbor')

    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('link', { name: 'Continue with the Library' }).click()
    await page.getByRole('button', { name: 'Go on to the Library' }).click()
    await page.waitForURL(`${site}/`)
    t.match(await page.getByRole('banner').innerText(), 'Cleo Arbor', 'the provider still knows them')
    t.same(complaints, [], 'and our own policy has stood in nobody’s way')
  })
}

t.test('from the dialog one gets there as well', async (t) => {
  const { newPage, site } = await withProvider(t)
  const page = await newPage()
  await page.goto('/')
  await page.locator('header').getByText('Sign in').click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('link', { name: 'Continue with the Library' }).click()
  await dialog.getByRole('button', { name: 'Go on to the Library' }).click()
  await signInThere(page, 'cleo')
  await page.waitForURL(`${site}/invite-coparent`)
  t.match(await page.getByRole('banner').innerText(), 'Cleo Arbor')
})

t.test('whoever has a desk joins it by its password, and finds both ways in under their settings', async (t) => {
  const { newPage, person, site } = await withProvider(t)
  await person('Ann')
  const page = await newPage()
  await page.goto('/login/with/oidc')
  await page.getByRole('button', { name: 'Go on to the Library' }).click()
  await signInThere(page, 'ann')
  await page.getByRole('heading', { name: 'You have a desk already' }).waitFor()
  t.same(await violations(page), [])
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Open my desk' }).click()
  await page.waitForURL(`${site}/`)

  await page.goto('/settings/password')
  t.same(await violations(page), [])
  await page.getByRole('button', { name: 'Unlink the Library' }).click()
  await page.getByRole('link', { name: 'Link the Library' }).waitFor()
  await page.getByLabel('Current password', { exact: true }).fill(password)
  await page.getByLabel('New password', { exact: true }).fill('other unrelated words')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Every other browser is signed out.').waitFor()
  await page.goto('/settings/profile')
  t.same(await violations(page), [])
})
