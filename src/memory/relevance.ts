import { contentWords, listenFor } from '../answerers/listening.ts'
import { wordsIn } from '../answerers/words.ts'

type Weighed = { text: string; gist: string | null; nearness: number | undefined }

/** Of a long question its beginning says what it is about. */
const mostWords = 50

/** How many of the words of a question that mean something a text says, and which share of them that is. */
function hearing(question: string) {
  const stems = contentWords(question)
    .filter(({ empty }) => !empty)
    .map(({ stem }) => stem)
    .slice(0, mostWords)
  const listen = listenFor(stems)
  return (text: string): { words: number; share: number } => {
    const listening = listen(wordsIn(text))
    const words = stems.reduce((total, _, place) => total + listening(place), 0)
    return { words, share: stems.length > 0 ? words / stems.length : 0 }
  }
}

/** From so many on, what most of them have in common says nothing. */
const enoughToCompare = 8

/**
 * How near a memory has to be to be meant. Where an embedder finds everything near, it has to be nearer than the others.
 */
export function nearEnough(nearnesses: number[]): number {
  if (nearnesses.length < enoughToCompare) return 0.34
  const middle = nearnesses.toSorted((one, other) => one - other)[nearnesses.length >> 1] as number
  return Math.max(0.34, middle + 0.1)
}

/**
 * Whether a memory has something to do with a question: by its words, or by its meaning where that is known, or a little
 * by both. A search always finds something; what it finds need not be of any use.
 */
export function relevantTo(question: string, enough: number) {
  const heard = hearing(question)
  return ({ text, gist, nearness = 0 }: Weighed): boolean => {
    const own = heard(text)
    const whole = gist ? heard(`${text} ${gist}`) : own
    // What somebody says of themselves is short, and one word of it is much.
    if (own.share >= (gist ? 0.4 : 0.3) || (own.words >= 2 && own.share >= 0.25) || whole.share >= 0.5) return true
    return nearness >= enough || (nearness >= enough * 0.75 && whole.share >= 0.25)
  }
}
