import type { Word } from './words.ts'

const negation =
  /^(?:no|not|never|nor|none|without|cannot|\w+n't|kein\w*|nicht|nie|niemals|ohne|pas|jamais|sans|nunca|sin|non|mai|senza|niet|geen|zonder|nao|sem)$/

/** Where sentences differ in a number, a name or a "not", they say different things, however alike they are. */
const telling = ({ text, stem }: Word, place: number) =>
  /\p{N}/u.test(text) ||
  (place > 0 && /^\p{Lu}/u.test(text)) ||
  negation.test(text.toLowerCase()) ||
  negation.test(stem)

const newIn = (words: Word[], others: Word[]): { full: number; telling: boolean } => {
  const known = new Set(others.map(({ stem }) => stem))
  const unknown = words.map((word, place) => ({ word, place })).filter(({ word }) => !known.has(word.stem))
  return {
    full: unknown.filter(({ word }) => !word.empty).length,
    telling: unknown.some(({ word, place }) => telling(word, place))
  }
}

/** Whether a sentence says hardly anything that another one does not say, though in the same words. */
export function saysTheSame(sentence: Word[], other: Word[]): boolean {
  const full = (words: Word[]) => words.filter(({ empty }) => !empty).length
  const [added, missing] = [newIn(sentence, other), newIn(other, sentence)]
  if (added.telling || missing.telling) return false
  return added.full <= full(sentence) * 0.15 && missing.full <= full(other) * 0.4
}
