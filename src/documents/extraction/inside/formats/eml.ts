import PostalMime, { type Address } from 'postal-mime'
import type { Limits } from '../../limits.ts'
import { type Output, titled } from '../output.ts'
import type { Found } from '../read-file.ts'
import { readHtml } from './html.ts'
import { readTxt } from './txt.ts'

const deepest = 50

const person = ({ name, address }: Address) => (name && address ? `${name} <${address}>` : address || name)
const people = (all: Address[] = []) => all.map(person).join(', ')
const when = (date = '') => (/^\d{4}-\d\d-\d\dT/.test(date) ? `${date.slice(0, 10)} ${date.slice(11, 16)} UTC` : date)

/** Who wrote to whom and when, then the letter. What is attached is only named. */
export async function readEml(bytes: Buffer, output: Output, limits: Limits): Promise<Found> {
  const letter = await PostalMime.parse(bytes, { maxNestingDepth: deepest })
  const head = {
    From: letter.from && person(letter.from),
    To: people(letter.to),
    Cc: people(letter.cc),
    Date: when(letter.date)
  }
  const known = Object.entries(head).filter(([, value]) => value)
  output.block(known.map(([name, value]) => `${name}: ${value}`).join(' | '))

  const before = output.blocks()
  if (letter.html) readHtml(letter.html, output, limits)
  if (letter.text && output.blocks() === before) readTxt(letter.text, output)

  const attached = letter.attachments.flatMap(({ filename }) => filename ?? [])
  if (attached.length > 0) output.block(`Attached: ${attached.join(', ')}`)
  return titled(letter.subject)
}
