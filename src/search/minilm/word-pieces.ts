import { readFile } from 'node:fs/promises'

const longestText = 20_000
const longestWord = 100

const han =
  '\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff\\u{20000}-\\u{2a6df}\\u{2a700}-\\u{2ceaf}\\u{2f800}-\\u{2fa1f}'
const mark = '\\p{P}$+<=>^`|~'
const unseen = /(?![\t\n\r])[\p{Cc}\p{Cf}\p{Co}\p{Cs}\ufffd]/gu
const accents = /\p{Mn}/gu
const words = new RegExp(`[${mark}${han}]|[^\\s${mark}${han}]+`, 'gu')

export type WordPieces = (text: string, most: number) => number[]

/** The tokens of BERT without capitals: words and marks, each as the fewest pieces that the vocabulary knows. */
export function wordPieces(vocabulary: string): WordPieces {
  const known = new Map(vocabulary.split('\n').map((piece, at) => [piece, at]))
  const [start, end, unknown] = ['[CLS]', '[SEP]', '[UNK]'].map((name) => known.get(name) as number)

  function piecesOf(word: string): number[] {
    if (word.length > longestWord && [...word].length > longestWord) return [unknown as number]
    const pieces: number[] = []
    for (let from = 0, to = word.length; from < word.length; to = word.length) {
      let piece: number | undefined
      for (; to > from && piece === undefined; to -= 1) {
        piece = known.get(from === 0 ? word.slice(0, to) : `##${word.slice(from, to)}`)
        if (piece !== undefined) break
      }
      if (piece === undefined) return [unknown as number]
      pieces.push(piece)
      from = to
    }
    return pieces
  }

  return (text, most) => {
    const bare = text.slice(0, longestText).replace(unseen, '').normalize('NFD').replace(accents, '')
    // Only whole words have a final sigma, which the vocabulary was not made with.
    const plain = bare.replaceAll('Σ', 'σ').toLowerCase()
    const tokens = [start as number]
    for (const [word] of plain.matchAll(words)) {
      const whole = known.get(word)
      if (whole === undefined) tokens.push(...piecesOf(word))
      else tokens.push(whole)
      if (tokens.length >= most) break
    }
    return [...tokens.slice(0, most - 1), end as number]
  }
}

/** All pieces, a line for each, in the order of their numbers. */
export async function readVocabulary(path: string): Promise<string> {
  const { model } = JSON.parse(await readFile(path, 'utf8')) as { model: { vocab: Record<string, number> } }
  const pieces: string[] = []
  for (const [piece, at] of Object.entries(model.vocab)) pieces[at] = piece
  return pieces.join('\n')
}
