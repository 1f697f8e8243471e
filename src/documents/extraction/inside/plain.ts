import { longestBlock } from '../limits.ts'

// What is not there to be seen: halves of characters, soft hyphens, marks that turn text around or hide it, and the
// letters of symbol fonts, which stand for little pictures.
const unseen =
  /[\p{Cs}\p{Noncharacter_Code_Point}\u00AD\u200B\u2060-\u206F\uFEFF\u202A-\u202E\uFFF9-\uFFFB\uF000-\uF0FF\u{E0000}-\u{E0FFF}]/gu
const blank = /[\s\p{Cc}]+/gu

/** One line of plain text: nothing unseen in it, single spaces, composed letters. */
export const plain = (text: string) => text.replace(unseen, '').replace(blank, ' ').trim().normalize('NFC')

const endOfSentence = /[.!?…]["'”’)\]]*\s|[。！？]/gu

/** Where a text that is too long is best cut: after a sentence, else between words, else between characters. */
function cut(text: string): number {
  const half = Math.floor(text.length / 2)
  const latter = text.slice(half)
  const sentence = [...latter.matchAll(endOfSentence)].at(-1)
  if (sentence) return half + sentence.index + sentence[0].length
  const space = latter.lastIndexOf(' ')
  if (space >= 0) return half + space + 1
  return /[\uD800-\uDBFF]$/.test(text) ? text.length - 1 : text.length
}

function* cutTo(longest: number, text: string): Generator<string> {
  let at = 0
  while (text.length - at > longest) {
    const end = at + cut(text.slice(at, at + longest))
    yield text.slice(at, end)
    at = end
  }
  yield text.slice(at)
}

/** Plain text in pieces of a bearable length. What is very long is cut before, or it would be in memory several times. */
export function* pieces(text: string): Generator<string> {
  for (const part of cutTo(longestBlock * 8, text)) {
    for (const piece of cutTo(longestBlock, plain(part))) if (piece.trim()) yield piece.trim()
  }
}
