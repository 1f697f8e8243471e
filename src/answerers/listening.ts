import { akin, type Word, wordsIn } from './words.ts'

/** The words of a text that say what it is about, each once; all of its words if it has no other. */
export function contentWords(text: string): Word[] {
  const words = wordsIn(text)
  const full = words.filter(({ empty }) => !empty)
  const seen = new Set<string>()
  return (full.length > 0 ? full : words).filter(({ stem }) => !seen.has(stem) && seen.add(stem))
}

/** For each of the stems how well the words of a text say it, from 0 to 1. */
export function listenFor(stems: string[]) {
  const known = new Map<string, { place: number; nearness: number }[]>()

  function akinTo(stem: string) {
    const found = known.get(stem)
    if (found) return found
    const kin = stems
      .map((other, place) => ({ place, nearness: akin(stem, other) }))
      .filter(({ nearness }) => nearness > 0)
    known.set(stem, kin)
    return kin
  }

  return (words: Word[]) => {
    const heard = new Float64Array(stems.length)
    for (const { stem } of words) {
      for (const { place, nearness } of akinTo(stem)) heard[place] = Math.max(heard[place] ?? 0, nearness)
    }
    return (place: number): number => heard[place] ?? 0
  }
}

/** The more texts say a word, the less it tells them apart. */
export function rarities(heard: ((place: number) => number)[], terms: number): number[] {
  return Array.from({ length: terms }, (_, place) => {
    const having = heard.reduce((total, one) => total + one(place), 0)
    return 0.2 + Math.log(1 + (heard.length - having + 0.5) / (having + 0.5))
  })
}

/** Which pairs of words stand side by side, function words left out. */
export function pairsOf(words: Word[]): Set<string> {
  const full = words.filter(({ empty }) => !empty)
  return new Set(full.slice(1).map(({ stem }, place) => `${full[place]?.stem} ${stem}`))
}
