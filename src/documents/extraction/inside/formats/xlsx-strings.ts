import type { Limits } from '../../limits.ts'
import { Unreadable } from '../../unreadable.ts'
import { walkXml } from '../xml.ts'
import type { Zip } from '../zip.ts'

/** The texts that cells refer to by their number, without how they are pronounced. */
export async function sharedStrings(zip: Zip, part: string, limits: Limits): Promise<string[]> {
  const strings: string[] = []
  let text = ''
  let characters = 0
  let taking = false
  let pronunciation = false

  await walkXml(zip.part(part), limits.depth, {
    open(name) {
      if (name === 'si') text = ''
      if (name === 'rPh') pronunciation = true
      taking = name === 't' && !pronunciation
    },
    text(more) {
      if (!taking) return
      text += more
      characters += more.length
      if (characters > limits.characters) throw new Unreadable('characters')
    },
    close(name) {
      taking = false
      if (name === 'rPh') pronunciation = false
      if (name === 'si') strings.push(text)
    }
  })
  return strings
}
