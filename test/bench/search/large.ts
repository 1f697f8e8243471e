import { statSync } from 'node:fs'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { create, insertMultiple, search as searchOrama } from '@orama/orama'
import { openIndexes } from '../../../src/search/indexes.ts'
import { type Ask, embedder, fill, limit, type Passage, questionsAbout, rounds, timed } from '../support/asking.ts'
import { inFolder } from '../support/folder.ts'
import { openLibrary } from '../support/library.ts'
import { judged, spread } from '../support/numbers.ts'
import { measured, table } from '../support/table.ts'

const many = 100_000
const perRound = 60
const perRoundOfOrama = 2

async function orama(passages: Passage[]): Promise<Ask> {
  const db = create({ schema: { title: 'string', text: 'string', vector: 'vector[384]' } as const })
  const rows = passages.map(({ passage: id, title, text, vector }) => ({ id, title, text, vector: [...vector] }))
  await insertMultiple(db, rows, 1000)
  return ({ question: term, vector }) =>
    searchOrama(db, {
      mode: 'hybrid',
      term,
      vector: { value: [...vector], property: 'vector' },
      similarity: 0.2,
      limit
    }) as Promise<unknown>
}

/** One large index, beside a search engine that keeps everything in the memory of the page server itself. */
export function large() {
  return inFolder(async (folder) => {
    const library = await openLibrary()
    const indexes = openIndexes(folder)
    const began = performance.now()
    const passages = await fill(indexes, 'large', library, many)
    const filled = (performance.now() - began) / 1000
    const questions = questionsAbout(library, passages, perRound)
    const ours = await timed((asked) => indexes.search('large', { ...asked, embedder, limit }), questions)
    await indexes.close()
    const size = statSync(join(folder, 'large.db')).size / 1e6
    const theirs = await timed(await orama(passages), questions.slice(0, rounds * perRoundOfOrama))
    table(
      `search: one index of ${many.toLocaleString('en')} passages`,
      measured,
      [
        ['Carrel: ms, p50', ...judged(ours.p50, 1, { is: 'at most', value: 20 })],
        ['Carrel: ms, p95', ...judged(ours.p95, 1, { is: 'at most', value: 50 })],
        ['Carrel: ms the event loop is late, p99', ...judged(ours.delay, 1, { is: 'at most', value: 20 })],
        ['Orama: ms, p50', ...spread(theirs.p50, 1)],
        ['Orama: ms, p95', ...spread(theirs.p95, 1)],
        ['Orama: ms the event loop is late, p99', ...spread(theirs.delay, 1)]
      ],
      [
        `${rounds} rounds of ${perRound} questions of ten words with their vectors, one at a time. Orama, asked ${perRoundOfOrama}, searches in hybrid mode, in memory, in the same thread.`,
        `Carrel's index is ${size.toFixed(0)} MB on disk, written in ${filled.toFixed(0)} s.`
      ]
    )
  })
}
