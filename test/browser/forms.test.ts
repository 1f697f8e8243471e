import type { Page } from 'playwright-core'
import t from 'tap'
import { password } from '../support/carrel.ts'
import { launchChromium, signUpAs, startSite, violations } from '../support/chromium.ts'

const browser = await launchChromium(t)

t.test('the dialog opens, turns into sign-up, and makes an account', async (t) => {
  const { newPage } = await startSite(t, browser)
  const page = await newPage()
  await page.goto('/')
  await page.locator('header').getByText('Sign in').click()

  const dialog = page.getByRole('dialog', { name: 'Sign in' })
  await dialog.getByLabel('Email or username').waitFor()
  t.match(await dialog.innerText(), "Don't have an account? Sign up")
  t.equal(await page.evaluate('document.activeElement.name'), 'email')
  await dialog.getByRole('link', { name: 'Sign up' }).click()
  const signUp = page.getByRole('dialog', { name: 'Create account' })
  await signUp.getByLabel('First name').fill('Ann')
  await signUp.getByLabel('Last name').fill('Arbor')
  await signUp.getByLabel('Email').fill('ann@example.com')
  await signUp.getByLabel('Password', { exact: true }).fill('four unrelated words')
  await signUp.getByRole('button', { name: 'Create account' }).click()
  await page.waitForURL('**/invite-coparent')
  t.match(await page.getByRole('banner').innerText(), 'Ann Arbor')
})

const doubledIds = (page: Page) =>
  page.evaluate(`(() => {
    const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id)
    return ids.filter((id, at) => ids.indexOf(id) < at)
  })()`)

/** Fields that no label belongs to, and texts that a field refers to but that are not in its own form. */
const strays = (page: Page) =>
  page.evaluate(`[...document.querySelectorAll('form :is(input:not([type=hidden]), [aria-describedby])')]
    .filter((field) => {
      const texts = (field.getAttribute('aria-describedby') ?? '').split(' ').filter(Boolean)
      const own = (id) => field.form.contains(document.getElementById(id))
      return field.labels?.length !== 1 || !texts.every(own)
    })
    .map((field) => field.outerHTML)`)

t.test('the dialog and a page with the same form keep their labels, hints and buttons apart', async (t) => {
  const { newPage } = await startSite(t, browser)
  const page = await newPage()
  await page.goto('/register')
  const opener = page.getByRole('banner').getByRole('button', { name: 'Sign in' })
  const dialog = page.getByRole('dialog')
  const ownPassword = dialog.getByLabel('Password', { exact: true })
  const agree = async (what: string) => {
    t.same(await doubledIds(page), [], `${what}: no id stands twice`)
    t.same(await strays(page), [], `${what}: every field has its own label and texts`)
    t.same(await violations(page), [], `${what}: axe finds nothing`)
  }

  await opener.click()
  await dialog.getByLabel('Email or username').fill('ann')
  await ownPassword.fill('seen')
  await dialog.getByRole('button', { name: 'Show password' }).click()
  t.equal(await ownPassword.getAttribute('type'), 'text')
  t.equal(await page.locator('main [name=password]').getAttribute('type'), 'password')
  await agree('sign-in')

  await dialog.getByRole('link', { name: 'Sign up' }).click()
  await page.getByRole('dialog', { name: 'Create account' }).getByLabel('First name').fill('Ann')
  await ownPassword.fill('short')
  await dialog.getByLabel('Username').focus()
  t.equal(await dialog.getByText('5 more to go.').count(), 1)
  t.equal(await page.getByText('5 more to go.').count(), 1, 'and the form of the page says nothing')
  await agree('sign-up')

  await page.keyboard.press('Escape')
  await page.getByLabel('First name').fill('Bob')
  t.equal(await page.locator('main [name=firstName]').inputValue(), 'Bob')
  t.same(await doubledIds(page), [])
})

t.test('signing in through the dialog works on a page with the same form', async (t) => {
  const { newPage, person } = await startSite(t, browser)
  await person('Ann')
  const page = await newPage()
  await page.goto('/register?next=/workspaces')
  await page.getByRole('banner').getByRole('button', { name: 'Sign in' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Email or username').fill('ann')
  await dialog.getByLabel('Password', { exact: true }).fill(password)
  await dialog.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('button', { name: 'Sign out' }).waitFor()
  t.match(page.url(), /\/workspaces$/, 'and goes on to where the page would have gone')
})

t.test('the links of a refused form lead to its own fields, in the dialog too', async (t) => {
  const { newPage, visitor } = await startSite(t, browser)
  const refused = await visitor().submit('/login')
  const page = await newPage()
  await page.route('**/login', (route) => route.fulfill({ contentType: 'text/html', body: refused.body }))
  await page.goto('/register')
  await page.getByRole('banner').getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('dialog').getByRole('link', { name: 'Enter your password.' }).click()
  t.ok(await page.evaluate("document.activeElement.matches('dialog [name=password]')"))
})

t.test('the dialog closes with Escape and with its button, and gives the focus back', async (t) => {
  const { newPage } = await startSite(t, browser)
  const page = await newPage()
  await page.goto('/')
  const opener = page.locator('header').getByText('Sign in')
  for (const close of [
    () => page.keyboard.press('Escape'),
    () => page.getByRole('button', { name: 'Close' }).click()
  ]) {
    await opener.focus()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').getByLabel('Email or username').waitFor()
    await close()
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    t.equal(await page.evaluate('document.activeElement.textContent'), 'Sign in')
  }
})

t.test('without scripts the same link leads to the sign-in page, and everything works from there', async (t) => {
  const { newPage, person } = await startSite(t, browser)
  await person('Ann')
  const page = await newPage({ javaScriptEnabled: false })
  await page.goto('/')
  await page.locator('header').getByText('Sign in').click()
  await page.waitForURL('**/login')
  await page.getByLabel('Email or username').fill('ann')
  await page.getByLabel('Password').fill('wrong password')
  await page.getByRole('button', { name: 'Sign in' }).click()
  t.match(await page.getByRole('alert').innerText(), 'Email or password is incorrect.')
  t.equal(await page.getByLabel('Email or username').inputValue(), 'ann')
  await page.getByLabel('Password').fill('four unrelated words')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'Ann’s desk' }).waitFor()

  await page.getByRole('link', { name: 'New workspace' }).click()
  await page.getByLabel('Name').fill('Home papers')
  await page.getByRole('button', { name: 'Make workspace' }).click()
  await page.getByRole('heading', { name: 'Home papers' }).waitFor()
  t.match(await page.getByRole('status').innerText(), 'Your workspace is ready.')
  await page.reload()
  t.equal(await page.getByRole('status').count(), 0)

  await page.getByRole('link', { name: 'Settings' }).click()
  await page.getByRole('link', { name: 'Delete this workspace' }).click()
  await page.getByRole('button', { name: 'Delete it for good' }).click()
  await page.getByText('The workspace is gone.').waitFor()

  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.waitForURL('**/login')
  await page.goto('/workspaces')
  t.match(page.url(), '/login?next=%2Fworkspaces')
})

for (const javaScriptEnabled of [true, false]) {
  t.test(
    `an invited stranger signs up on the way and joins, scripts ${javaScriptEnabled ? 'on' : 'off'}`,
    async (t) => {
      const { newPage } = await startSite(t, browser)
      const ann = await newPage({ javaScriptEnabled })
      await signUpAs(ann, 'Ann')
      await ann.getByLabel('add documents').check()
      await ann.getByRole('button', { name: 'Make a link' }).click()
      const link = await ann.getByLabel('The link to pass on').inputValue()

      const bob = await newPage({ javaScriptEnabled })
      await bob.goto(link)
      t.match(await bob.locator('main').innerText(), 'Ann Arbor invites you to read and add to this workspace.')
      await bob.getByRole('link', { name: 'Create your desk' }).click()
      await bob.getByLabel('First name').fill('Bob')
      await bob.getByLabel('Last name').fill('Birch')
      await bob.getByLabel('Email').fill('bob@example.com')
      await bob.getByLabel('Password', { exact: true }).fill('another fine phrase')
      await bob.getByRole('button', { name: 'Create account' }).click()
      await bob.waitForURL('**/accept-invite?code=*')
      await bob.getByRole('button', { name: 'Join' }).click()
      await bob.getByRole('heading', { name: "Ann Arbor's Room" }).waitFor()
    }
  )
}

t.test('a hint follows what is typed, and never moves the button away while it is pressed', async (t) => {
  const { newPage } = await startSite(t, browser)
  const page = await newPage()
  await page.goto('/register')
  const password = page.getByLabel('Password', { exact: true })
  await password.fill('short')
  await password.blur()
  t.equal(await page.locator('#password-error').innerText(), '5 more to go.')
  await password.fill('long enough now')
  t.equal(await page.locator('#password-error').isVisible(), false)

  await page.getByLabel('Email').fill('not an email')
  await page.getByRole('button', { name: 'Create account' }).click()
  await page.getByRole('alert').waitFor()
  t.equal(await page.evaluate('document.activeElement.className'), 'refused')
})

t.test('a form says what is wrong even where it shows no field for it', async (t) => {
  const { person, visitor } = await startSite(t, browser)
  const ann = await person('Ann')
  const alert = /role="alert"[^>]*>\s*<p>([^<]+)<\/p>/
  const newcomer = { firstName: 'New', lastName: 'Comer', email: 'new@example.com', password }
  const unreadable = 'This is not what it should be.'
  const workspace_id = await ann.makesWorkspace('Home papers')

  for (const [answer, says] of [
    [await visitor().submit('/setup', newcomer), unreadable],
    [await ann.submit('/invite-coparent', { workspace_id, role: 'viewer', uses: '0' }), 'Choose from 1 to 100 uses.']
  ] as const) {
    t.equal(answer.statusCode, 422)
    t.equal(alert.exec(answer.body)?.[1], says)
  }
  const one = await visitor().submit('/login', { email: 'ann@example.com' })
  t.notMatch(one.body, alert, 'a field that says it itself needs no second voice')
  const both = await visitor().submit('/setup', { ...newcomer, firstName: '' })
  t.match(both.body, alert)
  t.match(both.body, '<li><a href="#firstName">Enter your first name, up to 100 characters.</a></li>')
  t.match(both.body, `<li>${unreadable}</li>`, 'and no link leads nowhere')
})

t.test('a single wrong field takes the focus', async (t) => {
  const { newPage, person } = await startSite(t, browser)
  await person('Ann')
  for (const javaScriptEnabled of [true, false]) {
    const page = await newPage({ javaScriptEnabled })
    await page.goto('/register')
    await page.getByLabel('First name').fill('Ann')
    await page.getByLabel('Last name').fill('Other')
    await page.getByLabel('Email').fill('ann@example.com')
    await page.getByLabel('Password', { exact: true }).fill('four unrelated words')
    await page.getByRole('button', { name: 'Create account' }).click()
    await page.getByText('This email is already registered.').waitFor()
    t.equal(await page.locator(':focus').getAttribute('name'), 'email')
    await page.getByRole('link', { name: 'Would you like to sign in?' }).click()
    await page.waitForURL('**/login')
  }
})

t.test('a password can be shown, and is hidden again before it is sent', async (t) => {
  const { newPage } = await startSite(t, browser)
  const page = await newPage()
  await page.goto('/login')
  const password = page.getByLabel('Password', { exact: true })
  await password.fill('secret words')
  await page.getByRole('button', { name: 'Show password' }).click()
  t.equal(await password.getAttribute('type'), 'text')
  await page.getByRole('button', { name: 'Hide password' }).click()
  t.equal(await password.getAttribute('type'), 'password')
})

t.test('a form that is on its way is not sent twice', async (t) => {
  const { newPage, app } = await startSite(t, browser)
  const page = await newPage()
  await signUpAs(page, 'Ann')
  await page.goto('/workspaces/new')
  await page.getByLabel('Name').fill('Once')
  await page.getByRole('button', { name: 'Make workspace' }).dblclick()
  await page.getByRole('heading', { name: 'Once' }).waitFor()
  const made = await app.db.selectFrom('workspaces').selectAll().where('name', '=', 'Once').execute()
  t.equal(made.length, 1)
})

t.test('the whole sign-in works by keyboard alone', async (t) => {
  const { newPage, person } = await startSite(t, browser)
  await person('Ann')
  const page = await newPage()
  await page.goto('/login')
  await page.keyboard.press('Tab')
  t.equal(await page.evaluate('document.activeElement.textContent'), 'Skip to the page')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Tab')
  await page.keyboard.type('ann')
  await page.keyboard.press('Tab')
  await page.keyboard.type('four unrelated words')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Ann’s desk' }).waitFor()
})
