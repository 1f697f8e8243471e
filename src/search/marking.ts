export type Piece = { text: string; hit: boolean }

const shortest = 2
const stem = (word: string) => word.toLowerCase().replace(/(?:ies|es|s|ing|ed|ly)$/u, '')

/** A passage in pieces, those that begin like a word of the question set apart, for the page to mark. */
export function marked(text: string, question: string): Piece[] {
  const asked = new Set(
    (question.slice(0, 2000).match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => word.length > shortest).map(stem)
  )
  const pieces: Piece[] = []
  for (const part of text.split(/([\p{L}\p{N}]+)/u)) {
    if (part === '') continue
    const hit = part.length > shortest && asked.has(stem(part))
    const last = pieces.at(-1)
    if (last && last.hit === hit) last.text += part
    else pieces.push({ text: part, hit })
  }
  return pieces
}
