import type { Preferences } from '../answerers/answerer.ts'

const named: [RegExp, string][] = [
  [/english|englisch|anglais|inglés/i, 'English'],
  [/german|deutsch|allemand|alemán/i, 'German'],
  [/french|französisch|français|francés/i, 'French'],
  [/spanish|spanisch|espagnol|español/i, 'Spanish'],
  [/italian|italienisch|italien|italiano/i, 'Italian'],
  [/portuguese|portugiesisch|portugais|portugués/i, 'Portuguese'],
  [/dutch|niederländisch|néerlandais|neerlandés/i, 'Dutch'],
  [/polish|polnisch|polonais|polaco/i, 'Polish'],
  [/turkish|türkisch|turc|turco/i, 'Turkish'],
  [/ukrainian|ukrainisch|ukrainien|ucraniano/i, 'Ukrainian'],
  [/russian|russisch|russe|ruso/i, 'Russian'],
  [/arabic|arabisch|arabe|árabe/i, 'Arabic'],
  [/chinese|chinesisch|chinois|chino/i, 'Chinese'],
  [/japanese|japanisch|japonais|japonés/i, 'Japanese']
]
const inLanguage = /\b(?:in|auf|en) (?:plain |simple |easy |einfachem )?(\p{L}+)/giu
const short = /\b(?:short\w*|brief\w*|concise\w*|terse\w*|kurz\w*|knapp\w*|bref|brève|brièvement|concise?|breve\w*)\b/iu
const long = /\b(?:long\w*|detailed|in detail|thorough\w*|at length|ausführlich\w*)\b/iu

function languageIn(text: string): string | undefined {
  for (const [, word = ''] of text.matchAll(inLanguage)) {
    const language = named.find(([pattern]) => pattern.exec(word)?.[0] === word)
    if (language) return language[1]
  }
  return undefined
}

type Remembered = { id: string; text: string }
type Wished = { length?: string; language?: string }

/** What remembered preferences ask for that an answerer knows by name, the first of them first, and which of them did. */
export function wishedIn(remembered: Remembered[]): { wishes: Preferences; by: Wished } {
  const wishes: Preferences = {}
  const by: Wished = {}
  for (const { id, text } of remembered) {
    const length = long.test(text) ? 'long' : short.test(text) ? 'short' : undefined
    if (length && !wishes.length) {
      wishes.length = length
      by.length = id
    }
    const language = languageIn(text)
    if (language && !wishes.language) {
      wishes.language = language
      by.language = id
    }
  }
  return { wishes, by }
}
