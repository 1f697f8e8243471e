import { performance } from 'node:perf_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import { embeddingText } from '../../../src/search/embedder.ts'
import { openIndexes } from '../../../src/search/indexes.ts'
import { openMiniLm } from '../../../src/search/minilm.ts'
import { rounds } from '../support/asking.ts'
import { inFolder } from '../support/folder.ts'
import { openLibrary } from '../support/library.ts'
import { judged, spread } from '../support/numbers.ts'
import { measured, table } from '../support/table.ts'

const perRound = 400

/** Passages through the model and into an index, with questions meanwhile. */
export function indexing() {
  return inFolder(async (folder) => {
    const { embedder: model, missing } = openMiniLm()
    if (!model) return console.log(`\n${missing}`)
    const library = await openLibrary()
    const indexes = openIndexes(folder)
    await model.embed(['what loads the model?'], 'question')
    await model.embed(['A passage.'])
    const speeds: number[] = []
    const waits: number[] = []
    for (let round = 0; round < rounds; round += 1) {
      const entries = Array.from({ length: perRound }, (_, at) => library.entry(round * perRound + at))
      let done = false
      const began = performance.now()
      const work = model.embed(entries.map(embeddingText)).then(async (vectors) => {
        const add = entries.map((entry, at) => ({ ...entry, vector: vectors[at] as Float32Array }))
        await indexes.apply('model', { revision: round + 1, embedder: model.id, add })
        speeds.push((perRound / (performance.now() - began)) * 1000)
        done = true
      })
      while (!done) {
        const asked = performance.now()
        await model.embed(['where is the passage that answers this?'], 'question')
        waits.push(performance.now() - asked)
        await pause(200)
      }
      await work
    }
    await indexes.close()
    await model.close()
    table(
      'search: indexing with the model',
      measured,
      [
        ['passages a second', ...judged(speeds, 1, { is: 'at least', value: 50 })],
        ['ms for the vector of a question meanwhile', ...spread(waits, 1)],
        ['MB resident', ...spread([process.memoryUsage().rss / 1e6], 0)]
      ],
      [`${rounds} rounds of ${perRound} passages of 120 words.`]
    )
  })
}
