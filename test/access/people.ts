import type { Test } from 'tap'
import type { Browser } from '../support/browser.ts'
import { type Carrel, startApp } from '../support/carrel.ts'
import type { Who } from './table.ts'

export const names = ['owner', 'editor', 'viewer', 'stranger', 'other', 'admin', 'disabled'] as const

export async function populate(t: Test) {
  const carrel = await startApp(t)
  // What is put here is asked for, not read.
  await carrel.app.reading.stop()
  for (const name of names) await carrel.person(name)
  const { db } = carrel.app
  await db.updateTable('accounts').set({ role: 'admin' }).where('username', '=', 'admin').execute()
  return carrel
}

/** Everybody at a browser of their own: one whose session was ended and one who was disabled while signed in too. */
export async function everybody(carrel: Carrel) {
  const { db } = carrel.app
  const disabled = (at: string | null) =>
    db.updateTable('accounts').set({ disabled_at: at }).where('username', '=', 'disabled').execute()
  await disabled(null)
  const people = {
    nobody: carrel.visitor(),
    ended: await signedIn(carrel, 'stranger'),
    disabled: await signedIn(carrel, 'disabled'),
    stranger: await signedIn(carrel, 'stranger'),
    admin: await signedIn(carrel, 'admin'),
    viewer: await signedIn(carrel, 'viewer'),
    editor: await signedIn(carrel, 'editor'),
    owner: await signedIn(carrel, 'owner')
  }
  const { items } = (await people.ended.open('/api/v1/sessions')).json()
  const session = items.find(({ current }: { current: boolean }) => current).id
  await db.deleteFrom('sessions').where('id', '=', session).execute()
  await disabled(new Date().toISOString())
  return people
}

/** Who somebody is as far as the table is concerned. */
export const standing = (who: string): Who =>
  who === 'ended' || who === 'disabled' ? 'nobody' : who === 'admin' ? 'stranger' : (who as Who)

export async function signedIn(carrel: Carrel, name: string): Promise<Browser> {
  const browser = carrel.visitor()
  await browser.submit('/login', { email: `${name}@example.com`, password: 'four unrelated words', remember: 'on' })
  return browser
}

export const routesOf = ({ app }: Carrel) =>
  app.routeTable.filter(({ method }) => method !== 'HEAD').map(({ method, url }) => `${method} ${url}`)
