import t from 'tap'
import { password } from '../support/carrel.ts'
import { launchChromium, signUpAs, startSite } from '../support/chromium.ts'

const browser = await launchChromium(t)

t.test('the dialog opens, turns into sign-up, and makes an account', async (t) => {
  const { newPage } = await startSite(t, browser)
  const page = await newPage()
  await page.goto('/')
  await page.locator('header').getByText('Sign in').click()

  const dialog = page.getByRole('dialog', { name: 'Sign in' })
  await dialog.getByLabel('Email or username').waitFor()
  t.equal(await page.evaluate('document.activeElement.name'), 'email')
  await dialog.getByRole('link', { name: 'Sign up' }).click()
  const signUp = page.getByRole('dialog', { name: 'Create your desk' })
  await signUp.getByLabel('First name').fill('Ann')
  await signUp.getByLabel('Last name').fill('Arbor')
  await signUp.getByLabel('Email').fill('ann@example.com')
  await signUp.getByLabel('Password', { exact: true }).fill('four unrelated words')
  await signUp.getByRole('button', { name: 'Create account' }).click()
  await page.waitForURL('**/invite-coparent')
  t.match(await page.getByRole('banner').innerText(), 'Ann Arbor')
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
  await page.getByText('The workspace and everything in it are gone.').waitFor()

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
  const far = `/${'x'.repeat(3000)}`
  const known = { email: 'ann@example.com', password }
  const newcomer = { ...known, firstName: 'New', lastName: 'Comer', email: 'new@example.com' }
  const unreadable = 'This is not what it should be.'
  const workspace_id = await ann.makesWorkspace('Home papers')

  for (const [answer, says] of [
    [await visitor().submit('/login', { ...known, next: far }), unreadable],
    [await visitor().submit('/register', { ...newcomer, next: far }), unreadable],
    [await visitor().submit('/setup', newcomer), unreadable],
    [await ann.submit('/invite-coparent', { workspace_id, role: 'viewer', uses: '0' }), 'Choose from 1 to 100 uses.']
  ] as const) {
    t.equal(answer.statusCode, 422)
    t.equal(alert.exec(answer.body)?.[1], says)
  }
  const one = await visitor().submit('/login', { email: 'ann@example.com' })
  t.notMatch(one.body, alert, 'a field that says it itself needs no second voice')
  const both = await visitor().submit('/login', { email: 'ann@example.com', next: far })
  t.match(both.body, alert)
  t.match(both.body, '<li><a href="#password">Enter your password.</a></li>')
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
