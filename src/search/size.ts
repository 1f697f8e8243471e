const withoutSpaces =
  '\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\p{sc=Hangul}\\p{sc=Thai}\\p{sc=Lao}\\p{sc=Khmer}\\p{sc=Myanmar}'
const piece = new RegExp(
  `[${withoutSpaces}]|(?:(?![${withoutSpaces}])[\\p{L}\\p{M}\\p{N}])+|[^\\s\\p{L}\\p{M}\\p{N}]`,
  'gu'
)
const shortWord = 6
const lettersPerToken = 5

/**
 * About how many tokens a model makes of a text, whose vocabulary need not be known: one of a short word, of a mark and
 * of a letter in scripts without spaces, more of a long word.
 */
export function sizeOf(text: string): number {
  let size = 0
  for (const [{ length }] of text.matchAll(piece)) size += length > shortWord ? length / lettersPerToken : 1
  return size
}
