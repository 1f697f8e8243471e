import type { Format } from '../format.ts'
import type { Limits } from '../limits.ts'
import { Unreadable } from '../unreadable.ts'
import type { Recognised } from './recognise.ts'

/** A page that was saved is called by its address, and is read without what stands around its article. */
const fromTheWeb = /^https?:\/\//

const start = 4096
const longestHead = 16 * 1024

const comments = /<!--[\s\S]*?-->/g
const picture = /^\s*(?:<\?xml[^>]*>\s*)?(?:<!doctype svg[^>]*>\s*)?<svg[\s>]/i
const page = /^\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype html|html|head|body)[\s>]/i
const tags = /<(?:p|div|table|h[1-6]|ul|ol|br|span|a|title|body)[\s/>]/i

/** The lines a letter begins with, up to the first that is no such line. */
const letterHead = /^(?:From [^\n]*\r?\n)?(?:[A-Za-z][A-Za-z0-9-]*:[^\n]*\r?\n(?:[ \t][^\n]*\r?\n)*)+/
const letterLines = /^(?:From|To|Date|Subject|Received|Return-Path|Message-ID|MIME-Version|Content-Type):/gim
const fewestLines = 3

function isLetter(text: string, named: boolean): boolean {
  const head = letterHead.exec(text.slice(0, longestHead))?.[0] ?? ''
  const found = new Set(head.match(letterLines)?.map((line) => line.toLowerCase()))
  return named ? found.size > 0 : found.size >= fewestLines && found.has('from:')
}

/** What looks like something goes before what the name says; what says nothing is plain text. */
function formatOf(text: string, name: string): Format {
  const [, extension = ''] = /\.(\w+)$/.exec(name.toLowerCase()) ?? []
  const first = text.slice(0, start).replaceAll(comments, '')
  if (picture.test(first)) throw new Unreadable('picture')
  if (page.test(first)) return 'html'
  if (isLetter(text, extension === 'eml')) return 'eml'
  if (['htm', 'html', 'xhtml'].includes(extension) && tags.test(first)) return 'html'
  if (['md', 'markdown', 'mdown', 'mkd'].includes(extension)) return 'md'
  if (['csv', 'tsv', 'tab'].includes(extension)) return 'csv'
  return 'txt'
}

export async function kindOfText(text: string, bytes: Buffer, name: string, limits: Limits): Promise<Recognised> {
  const format = formatOf(text, name)
  if (format === 'html') {
    const { readHtml } = await import('./formats/html.ts')
    if (!fromTheWeb.test(name)) return { format, read: (output) => readHtml(text, output, limits) }
    const { readableFrom } = await import('./readable.ts')
    const { title, html } = readableFrom(text, name) ?? { html: text }
    return { format, read: (output) => ({ ...readHtml(html, output, limits), ...(title && { title }) }) }
  }
  if (format === 'eml') {
    const { readEml } = await import('./formats/eml.ts')
    return { format, read: (output) => readEml(bytes, output, limits) }
  }
  if (format === 'md') {
    const { readMd } = await import('./formats/md.ts')
    return { format, read: (output) => readMd(text, output, limits) }
  }
  if (format === 'csv') {
    const { readCsv } = await import('./formats/csv.ts')
    return { format, read: (output) => readCsv(text, output) }
  }
  const { readTxt } = await import('./formats/txt.ts')
  return { format: 'txt', read: (output) => readTxt(text, output) }
}
