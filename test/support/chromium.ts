import { existsSync } from 'node:fs'
import sparticuz from '@sparticuz/chromium'
import axe from 'axe-core'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import type { Test } from 'tap'
import { type Carrel, startApp } from './carrel.ts'

const debians = '/usr/bin/chromium'
const quiet = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking']
const stillQuieter = ['--disable-component-update', '--disable-sync']

async function executable(): Promise<{ executablePath: string; args: string[] }> {
  const named = process.env.CHROMIUM_PATH ?? (existsSync(debians) ? debians : undefined)
  if (named) return { executablePath: named, args: [...quiet, ...stillQuieter] }
  return { executablePath: await sparticuz.executablePath(), args: sparticuz.args }
}

/** A real Chromium, the one of CHROMIUM_PATH, Debian's, or the one that came by npm. */
export async function launchChromium(t: Test): Promise<Browser> {
  const browser = await chromium.launch(await executable())
  t.teardown(() => browser.close())
  return browser
}

/** A Carrel that really listens, and pages of a real browser that look at it. */
export async function startSite(t: Test, browser: Browser, settings: Record<string, string> = {}) {
  const carrel = await startApp(t, settings)
  const site = await carrel.app.listen({ port: 0, host: '127.0.0.1' })

  async function newPage(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext({ baseURL: site, reducedMotion: 'reduce', ...options })
    t.teardown(() => context.close())
    return context.newPage()
  }
  return { ...carrel, site, newPage }
}

export type Site = Carrel & { site: string; newPage: (options?: BrowserContextOptions) => Promise<Page> }

export async function signUpAs(page: Page, firstName: string, password = 'four unrelated words') {
  await page.goto('/register')
  await page.getByLabel('First name').fill(firstName)
  await page.getByLabel('Last name').fill('Arbor')
  await page.getByLabel('Email').fill(`${firstName.toLowerCase()}@example.com`)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Create account' }).click()
  await page.getByRole('button', { name: 'Sign out' }).waitFor()
}

/** What axe-core finds wrong on a page, each as one line. Its script goes in beside the page's own policy. */
export async function violations(page: Page): Promise<string[]> {
  const session = await page.context().newCDPSession(page)
  const { frameTree } = await session.send('Page.getFrameTree')
  const { executionContextId } = await session.send('Page.createIsolatedWorld', { frameId: frameTree.frame.id })
  await session.send('Runtime.evaluate', { expression: axe.source, contextId: executionContextId })
  const { result } = await session.send('Runtime.evaluate', {
    expression: `axe.run().then(({ violations }) =>
      violations.map(({ id, nodes }) => [id, ...nodes.map(({ html, failureSummary }) => html + failureSummary)].join(': '))
    )`,
    contextId: executionContextId,
    awaitPromise: true,
    returnByValue: true
  })
  await session.detach()
  return result.value
}
