import t from 'tap'
import { launchChromium, signUpAs, startSite, violations } from '../support/chromium.ts'

const browser = await launchChromium(t)

const lease = `# Lease of 12 Elm Street

## Repairs

The Landlord shall keep in repair the installations in the dwelling for space heating and heating water.

## Rent

The rent is due on the third working day of each month.`

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? 'on' : 'off'

  t.test(`upload, ask, read, follow a citation to its place, with scripts ${how}`, async (t) => {
    const { newPage, app } = await startSite(t, browser)
    const page = await newPage({ javaScriptEnabled })
    await signUpAs(page, 'Ann')
    await page.goto('/room')
    await page.getByRole('link', { name: 'Add documents' }).click()
    const file = { name: 'Lease.md', mimeType: 'text/markdown', buffer: Buffer.from(lease) }
    await page.getByLabel('Choose one or several').setInputFiles(file)
    await page.getByLabel('Tags').fill('home')
    await page.getByRole('button', { name: 'Add files' }).click()
    await page.getByText('1 document added').waitFor()
    await app.reading.done()
    await page.reload()
    await page.getByRole('link', { name: 'Lease.md' }).waitFor()

    await page.getByLabel('Ask about these documents').fill('Who has to repair the heating?')
    await page.getByRole('button', { name: 'Ask', exact: true }).click()
    await page.getByRole('heading', { name: 'Who has to repair the heating?' }).waitFor()
    await app.answering.idle()
    await page.reload()
    await page.getByText('From your documents:').waitFor()
    await page.getByRole('link', { name: 'Source 1' }).click()
    await page.waitForURL('**/documents/*#passage-1')
    t.ok(await page.locator('#passage-1').getByText('installations in the dwelling for space heating').isVisible())

    await page.getByRole('link', { name: 'home' }).click()
    await page.getByRole('heading', { name: 'Documents tagged “home”' }).waitFor()
    await page.getByLabel(/^Search in/).fill('rent')
    await page.getByRole('button', { name: 'Search' }).click()
    await page.locator('mark', { hasText: 'rent' }).first().waitFor()
  })
}

for (const javaScriptEnabled of [true, false]) {
  t.test(`keep a question, and ask it again, with scripts ${javaScriptEnabled ? 'on' : 'off'}`, async (t) => {
    const { newPage, app } = await startSite(t, browser)
    const page = await newPage({ javaScriptEnabled, viewport: { width: 320, height: 640 } })
    const tooWide = () => page.evaluate('document.documentElement.scrollWidth > innerWidth')
    /** Whatever is wrong with the page that is open; axe itself is a script. */
    const wrong = async () => [
      ...(javaScriptEnabled ? await violations(page) : []),
      ...((await tooWide()) ? ['too wide'] : [])
    ]
    await signUpAs(page, 'Ann')
    await page.goto('/room')
    const room = page.url()
    await page.goto(`${room}/documents/new`)
    await page.getByLabel('Paste it here').fill(lease)
    await page.getByRole('button', { name: 'Add text' }).click()
    await page.getByText('1 document added').waitFor()
    await app.reading.done()
    await page.getByLabel('Ask about these documents').fill('Who has to repair the heating?')
    await page.getByRole('button', { name: 'Ask', exact: true }).click()
    await page.getByRole('heading', { name: 'Who has to repair the heating?' }).waitFor()
    await app.answering.idle()
    await page.reload()
    await page.getByRole('button', { name: 'Keep this question' }).click()
    await page
      .getByLabel('Title')
      .fill('A very long title without any place to break it: '.replaceAll(' ', '_').repeat(5))
    t.same(await wrong(), [], 'its page')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('status').waitFor()
    t.same(await wrong(), [], 'the list')
    await page.getByRole('link', { name: 'Change A_very_long' }).click()
    await page.getByRole('heading', { name: 'A_very_long' }).waitFor()
    t.same(await wrong(), [], 'its page with that title')

    await page.goto(room)
    await page.getByText('Saved prompts').click()
    t.same(await wrong(), [], 'beside the box')
    await page.getByRole('link', { name: 'A_very_long' }).click()
    await page.waitForURL('**?prompt=*')
    const box = page.getByLabel('Ask about these documents')
    t.equal(await box.inputValue(), 'Who has to repair the heating?')
    await page.getByRole('button', { name: 'Ask', exact: true }).click()
    await page.getByRole('heading', { name: 'Who has to repair the heating?' }).first().waitFor()
  })
}

t.test('what is being read shows how far it has come by itself', async (t) => {
  const { newPage, app } = await startSite(t, browser)
  const page = await newPage()
  await signUpAs(page, 'Ann')
  await page.goto('/room')
  const room = page.url()
  await app.reading.stop()
  await page.goto(`${room}/documents/new`)
  await page.getByLabel('Paste it here').fill('The bicycles are in the cellar.')
  await page.getByRole('button', { name: 'Add text' }).click()
  await page.getByText('Waiting').waitFor()
  await app.db.updateTable('documents').set({ state: 'ready' }).execute()
  await page.getByText('Waiting').waitFor({ state: 'detached' })
  t.equal(page.url(), room, 'without leaving the page')
})

t.test('a file that is dragged onto the form of files is framed, and taken when it is dropped', async (t) => {
  const { newPage } = await startSite(t, browser)
  const page = await newPage()
  await signUpAs(page, 'Ann')
  await page.goto('/room')
  await page.getByRole('link', { name: 'Add documents' }).click()
  const form = page.locator('form[data-drop]')
  // The script for it is fetched once the page is there.
  await page.waitForLoadState('networkidle')
  const style = "getComputedStyle(document.querySelector('form[data-drop]'))"
  const looks = (): Promise<string[]> => page.evaluate(`[${style}.outlineStyle, ${style}.fontSize]`)
  const [frame, letters] = await looks()
  const dataTransfer = await page.evaluateHandle(`(() => {
    const held = new DataTransfer()
    held.items.add(new File(['A lease.'], 'lease.txt'))
    return held
  })()`)
  await form.dispatchEvent('dragover', { dataTransfer })
  t.same(await looks(), ['dashed', letters], 'its letters stay as they are')
  await form.dispatchEvent('drop', { dataTransfer })
  t.same(await looks(), [frame, letters])
  await page.getByRole('button', { name: 'Add files' }).click()
  await page.getByRole('link', { name: 'lease.txt' }).waitFor()
})

for (const colorScheme of ['light', 'dark'] as const) {
  t.test(`axe finds nothing wrong on the pages of documents, search and chats, ${colorScheme}`, async (t) => {
    const { newPage, app } = await startSite(t, browser)
    const page = await newPage({ colorScheme })
    await signUpAs(page, 'Ann')
    await page.goto('/room')
    const room = new URL(page.url()).pathname
    await page.goto(`${room}/documents/new`)
    await page.getByLabel('Paste it here').fill(lease)
    await page.getByRole('button', { name: 'Add text' }).click()
    await app.reading.done()
    await page.goto(room)
    const document = (await page.getByRole('link', { name: 'Lease of 12 Elm Street' }).getAttribute('href')) as string
    await page.getByLabel('Ask about these documents').fill('Who has to repair the heating?')
    await page.getByRole('button', { name: 'Ask', exact: true }).click()
    await page.waitForURL('**/chats/*')
    await app.answering.idle()
    const chat = new URL(page.url()).pathname
    const search = `${room}/search?q=heating`
    const pages = [room, `${room}/documents/new`, document, `${document}/settings`, `${document}/delete`, search, chat]
    for (const path of [...pages, `${chat}/settings`, '/tags', '/memory']) {
      await page.goto(path)
      t.same(await violations(page), [], path.replace(room, ''))
    }
  })
}
