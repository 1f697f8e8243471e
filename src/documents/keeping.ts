import { randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { Invalid } from '../errors.ts'
import type { App } from '../plugins/app-type.ts'
import { asTitle, type Given } from './incoming.ts'
import type { Originals } from './originals.ts'
import { PageRefused } from './web-page/web-pages.ts'

const mostOfTheLine = 80

/** A text somebody pasted, kept like a file. Its title is its first line, where none is given. */
export async function keepText(text: string, title: string | undefined, originals: Originals): Promise<Given> {
  const plain = text.toWellFormed().normalize('NFC').replaceAll('\0', '').trim()
  if (plain === '') throw new Invalid({ fields: { text: 'Paste some text.' } })
  const firstLine = plain.split('\n', 1)[0]?.replace(/^#+\s*/, '') ?? ''
  const original = await originals.keep(Readable.from([plain]))
  return { title: title || asTitle(firstLine.slice(0, mostOfTheLine)), original }
}

/** A page of the web, as it is now. Its title is its address until it has been read. */
export async function keepPage(app: App, typed: string, title: string | undefined): Promise<Given & { url: string }> {
  const arrival = app.originals.path(`arriving-${randomBytes(16).toString('hex')}`)
  try {
    const { url } = await app.webPages.save(typed, arrival)
    const original = await app.originals.keep(createReadStream(arrival))
    return { title: title || asTitle(url), original, url }
  } catch (error) {
    throw error instanceof PageRefused ? new Invalid({ fields: { url: error.message } }) : error
  } finally {
    await rm(arrival, { force: true })
  }
}
