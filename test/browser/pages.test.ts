import t from 'tap'
import { launchChromium, type Site, signUpAs, startSite, violations } from '../support/chromium.ts'

const browser = await launchChromium(t)

/** Every page there is, and the person it is looked at by. */
async function everyPage(site: Site) {
  const owner = await site.person('Olga')
  const workspace = await owner.makesWorkspace('Home papers')
  const code = await owner.invites(workspace, 'editor', { uses: 50 })
  const visitor = [
    '/',
    '/register',
    '/login',
    '/accept-invite',
    `/accept-invite?code=${code}`,
    '/accept-invite?code=nonsense',
    '/setup?token=nonsense',
    '/docs',
    '/docs/documents',
    '/nowhere'
  ]
  const reader = [
    '/',
    '/workspaces',
    '/workspaces/new',
    '/tasks',
    '/memory',
    '/memory/forget',
    '/prompts',
    '/settings/memory',
    '/settings/profile',
    '/settings/password',
    '/settings/api-keys',
    '/settings/instances',
    '/invite-coparent',
    '/settings/sessions',
    '/accept-invite'
  ]
  return { visitor, reader, code, workspace }
}

for (const colorScheme of ['light', 'dark'] as const) {
  t.test(`axe finds nothing wrong on any page, ${colorScheme}`, async (t) => {
    const site = await startSite(t, browser)
    const { visitor, reader } = await everyPage(site)
    const stranger = await site.newPage({ colorScheme })
    const problems: string[] = []
    stranger.on('console', (message) => message.type() === 'error' && problems.push(message.text()))
    for (const path of visitor) {
      await stranger.goto(path)
      t.same(await violations(stranger), [], `${path} for a visitor`)
    }
    await stranger.goto('/register')
    await stranger.getByRole('button', { name: 'Create account' }).click()
    await stranger.getByRole('alert').waitFor()
    t.same(await violations(stranger), [], 'a refused form')

    const page = await site.newPage({ colorScheme })
    await signUpAs(page, 'Ann')
    const room = await page.goto('/room').then(() => new URL(page.url()).pathname)
    for (const path of [...reader, room, `${room}/settings`, `${room}/delete`]) {
      await page.goto(path)
      t.same(await violations(page), [], `${path} for Ann`)
    }
    await page.goto('/invite-coparent')
    await page.getByRole('button', { name: 'Make a link' }).click()
    await page.getByRole('heading', { name: 'Your link' }).waitFor()
    t.same(await violations(page), [], 'a link that was made')
    t.same(
      problems.filter((text) => !text.includes('the server responded with a status of')),
      [],
      'nothing is blocked by our own policy'
    )
  })
}

t.test('the header offers to sign in at the top right of every public page, scripts on or off', async (t) => {
  const site = await startSite(t, browser)
  const { visitor } = await everyPage(site)
  for (const javaScriptEnabled of [true, false]) {
    const page = await site.newPage({ javaScriptEnabled, viewport: { width: 1280, height: 720 } })
    for (const path of visitor) {
      await page.goto(path)
      const box = await page.getByRole('banner').getByText('Sign in').boundingBox()
      t.ok(box && box.y < 40 && box.x > 640, `${path}, scripts ${javaScriptEnabled ? 'on' : 'off'}`)
    }
    await page.goto('/login?next=/tasks')
    await page.getByRole('banner').getByRole('link', { name: 'Sign in' }).click()
    await page.waitForURL('**/login?next=*')
    t.equal(await page.getByRole('dialog').count(), 0, 'where the form is the page, a dialog has nothing to add')
  }
})

t.test('a session is told by where it began and when it was last used, in the reader’s own time', async (t) => {
  const site = await startSite(t, browser)
  const page = await site.newPage()
  await signUpAs(page, 'Ann')
  // A moment that is yet to come, so that looking does not count as a later use.
  const moment = '2096-11-28T14:05:09.000Z'
  await site.app.db.updateTable('sessions').set({ created_at: moment, last_seen_at: moment }).execute()
  const storageState = await page.context().storageState()
  const row = { viewport: { width: 320, height: 640 }, storageState }

  const heights: (number | undefined)[] = []
  for (const [timezoneId, javaScriptEnabled, day, clock] of [
    ['Pacific/Kiritimati', false, '28 November 2096', '28 November 2096, 14:05 UTC'],
    ['Pacific/Kiritimati', true, '29 November 2096', '29 November 2096, 04:05'],
    ['America/St_Johns', true, '28 November 2096', '28 November 2096, 10:35']
  ] as const) {
    const reader = await site.newPage({ ...row, timezoneId, javaScriptEnabled })
    await reader.goto('/settings/sessions')
    const session = reader.getByRole('main').getByRole('listitem')
    t.match(await session.innerText(), `Signed in from 127.0.0.1 on ${day}\n`)
    t.match(await session.innerText(), new RegExp(`Last used ${clock}$`, 'm'))
    for (const time of await session.locator('time').all()) t.equal(await time.getAttribute('datetime'), moment)
    heights.push((await session.boundingBox())?.height)
  }
  t.equal(new Set(heights).size, 1, 'nothing moves')
})

t.test('no page is wider than a 320 pixel screen, or than a phone at 200 % zoom', async (t) => {
  const site = await startSite(t, browser)
  const { visitor, reader, workspace, code } = await everyPage(site)
  const page = await site.newPage({ viewport: { width: 320, height: 640 } })
  const tooWide = () => page.evaluate('document.documentElement.scrollWidth > innerWidth')
  for (const path of visitor) {
    await page.goto(path)
    t.notOk(await tooWide(), `${path} for a visitor`)
  }
  await signUpAs(page, 'Wilhelmina-Alexandrina')
  await page.goto(`/accept-invite?code=${code}`)
  await page.getByRole('button', { name: 'Join' }).click()
  for (const path of [...reader, `/workspaces/${workspace}`, `/workspaces/${workspace}/settings`]) {
    await page.goto(path)
    t.notOk(await tooWide(), `${path} for somebody with a long name`)
  }
})

t.test('a secret that is shown once is told apart from what it goes with, and fits on a phone', async (t) => {
  const { newPage } = await startSite(t, browser)
  const page = await newPage({ viewport: { width: 320, height: 640 } })
  const tooWide = () => page.evaluate('document.documentElement.scrollWidth > innerWidth')
  await signUpAs(page, 'Ann')
  await page.goto('/settings/api-keys')
  await page.getByRole('textbox', { name: 'Name' }).fill('A script')
  await page.getByRole('button', { name: 'Make key' }).click()
  const key = page.getByRole('textbox', { name: 'The new key' })
  t.match(await key.inputValue(), /^crl_/)
  t.equal(await page.getByRole('button', { name: 'Copy The new key', exact: true }).count(), 1)
  t.notOk(await tooWide())
  t.same(await violations(page), [])

  await page.goto('/settings/instances')
  await page.getByRole('textbox', { name: 'Name' }).fill('A loader')
  await page.getByRole('button', { name: 'Register' }).click()
  const made = page.getByRole('status')
  const id = await made.getByRole('textbox', { name: 'Id' }).inputValue()
  const password = await made.getByRole('textbox', { name: 'Password' }).inputValue()
  t.ok(page.url().endsWith(id))
  t.match(await made.innerText(), `curl -u "${id}:${password}" `)
  t.notOk(await tooWide())
  t.same(await violations(page), [])
  const buttons = await page.getByRole('button', { name: /another password|Disable|Delete/ }).all()
  const boxes = await Promise.all(buttons.map((button) => button.boundingBox()))
  for (const [at, box] of boxes.slice(1).entries()) {
    const before = boxes[at]
    t.ok(box && before && (box.y > before.y + before.height || box.x > before.x + before.width), 'buttons do not touch')
  }
})

t.test('what a program would send can be read whole on a phone', async (t) => {
  const { newPage } = await startSite(t, browser)
  const page = await newPage({ viewport: { width: 320, height: 640 } })
  for (const path of ['/docs', '/docs/invites']) {
    await page.goto(path)
    for (const summary of await page.locator('summary').all()) await summary.click()
    t.same(await violations(page), [], path)
    t.notOk(await page.evaluate('document.documentElement.scrollWidth > innerWidth'), path)
    for (const code of await page.locator('pre').all())
      t.notOk(await code.evaluate(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth), await code.innerText())
  }
})

t.test('pages ask nobody but Carrel for anything', async (t) => {
  const site = await startSite(t, browser)
  const page = await site.newPage()
  const asked = new Set<string>()
  page.on('request', (request) => asked.add(new URL(request.url()).origin))
  for (const path of ['/', '/register', '/login']) await page.goto(path, { waitUntil: 'networkidle' })
  t.same([...asked], [site.site])
})
