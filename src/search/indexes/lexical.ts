import type SQLite from 'better-sqlite3'
import { Best, type Scored } from './best.ts'
import type { Roll } from './roll.ts'
import type { Stems } from './stems.ts'
import type { Among } from './vectors.ts'
import { wordsAsked } from './words.ts'

// The usual values of BM25, which are also those of SQLite.
const saturation = 1.2
const lengthMatters = 0.75
/** A word that is nearly everywhere tells as little as this. */
const leastWeight = 1e-6
const mostPlaces = 400_000

/**
 * BM25 over what FTS5 has indexed. SQLite's own bm25() looks up every passage that has one of the words, which takes
 * 20 ms among 100,000; reading where a word stands and adding up here takes 3.
 */
export function lexicalIn(sqlite: SQLite.Database, stems: Stems) {
  sqlite.exec('create virtual table temp.places using fts5vocab(main, words, instance)')
  const placesOf = sqlite.prepare<[string, number], number>('select doc from places where term = ? limit ?').pluck()
  const placesFrom = sqlite
    .prepare<[string, string, number], number>(
      'select doc from places where term >= ? and term < ? order by doc limit ?'
    )
    .pluck()
  let scores = new Float32Array(0)

  return (question: string, roll: Roll, allowed: Among['allowed'], most: number): Scored[] => {
    const { words, beginnings } = wordsAsked(question)
    const { lengths, lots, passages, usualLength } = roll
    if (scores.length < lengths.length) scores = new Float32Array(lengths.length)
    const touched: number[] = []
    let left = mostPlaces

    /** Places are passages, as often as the word stands in each, those of one together. */
    function add(places: number[], times: number) {
      left -= places.length
      let inPassages = 0
      for (let at = 0; at < places.length; at += 1) if (places[at] !== places[at + 1]) inPassages += 1
      const rare = Math.log((passages - inPassages + 0.5) / (inPassages + 0.5))
      const weight = times * Math.max(leastWeight, rare) * (saturation + 1)
      for (let at = 0, count = 0; at < places.length; at += 1) {
        const passage = places[at] as number
        count += 1
        if (passage === places[at + 1]) continue
        const before = scores[passage] as number
        if (before === 0) touched.push(passage)
        const length = 1 - lengthMatters + (lengthMatters * (lengths[passage] as number)) / usualLength
        scores[passage] = before + (weight * count) / (count + saturation * length)
        count = 0
      }
    }

    for (const [stem, times] of stems(words)) if (left > 0) add(placesOf.all(stem, left), times)
    for (const letter of beginnings) if (left > 0) add(placesFrom.all(letter, `${letter}\u{10ffff}`, left), 1)

    const best = new Best(most, lots)
    for (const passage of touched) {
      const score = scores[passage] as number
      scores[passage] = 0
      if (allowed[passage]) best.show(passage, score)
    }
    return best.list()
  }
}
