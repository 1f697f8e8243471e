import type { Format } from '../format.ts'
import { Unreadable } from '../unreadable.ts'
import { decode } from './encoding.ts'
import type { Output } from './output.ts'
import type { File, Found } from './read-file.ts'
import { unreadableByStart } from './signatures.ts'
import { kindOfText } from './text-kinds.ts'
import { openZip } from './zip.ts'
import { kindOfZip } from './zip-kinds.ts'

export type Recognised = { format: Format; read: (output: Output) => Found | Promise<Found> }

const zipStart = /^PK(?:\x03\x04|\x05\x06)/
const pdfStart = /^[\s\0\uFEFF\xEF\xBB\xBF]*%PDF-\d/
const firstBytes = 1024

const isPdf = (bytes: Buffer, start: string) =>
  pdfStart.test(start) || (/%PDF-\d/.test(start) && bytes.subarray(-firstBytes).includes('%%EOF'))

/** What a file is, found out from what is in it. Its name only helps to tell one kind of text from another. */
export async function recognise({ bytes, name, limits }: File): Promise<Recognised> {
  const start = bytes.toString('latin1', 0, firstBytes)
  if (zipStart.test(start)) return kindOfZip(await openZip(bytes, limits), limits)
  if (isPdf(bytes, start)) {
    const { readPdf } = await import('./formats/pdf.ts')
    return { format: 'pdf', read: (output) => readPdf(bytes, output, limits) }
  }
  const unreadable = unreadableByStart(bytes)
  if (unreadable) throw new Unreadable(unreadable)
  const text = decode(bytes)
  if (text === undefined) throw new Unreadable('unknown')
  return kindOfText(text, bytes, name, limits)
}
