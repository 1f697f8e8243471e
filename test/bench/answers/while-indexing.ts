import { setTimeout as pause } from 'node:timers/promises'
import { inFolder } from '../support/folder.ts'
import { startInstalled } from '../support/installed.ts'
import { openLibrary } from '../support/library.ts'
import { judged, quantile, ratios, spread } from '../support/numbers.ts'
import { paced } from '../support/paced.ts'
import { signIn, signUp } from '../support/reader.ts'
import { measured, table } from '../support/table.ts'

const rounds = 5
const perBook = 3000
const amount = 400
const every = 10

/** The home page while a long book is being read into the index with the model, and while nothing happens. */
export function whileIndexing() {
  return inFolder(async (folder) => {
    const library = await openLibrary()
    const carrel = await startInstalled(folder, { HASH_MEMORY_MB: '1' })
    await pause(1500)
    const before = carrel.mb()
    const { room } = await signUp(carrel.url)
    const reader = await signIn(carrel.url)
    await paced(carrel.url, reader.cookie, 500, 5)
    const [quiet, busy, mb]: [number[], number[], number[]] = [[], [], []]
    for (let round = 0; round < rounds; round += 1) {
      quiet.push(quantile(await paced(carrel.url, reader.cookie, amount, every), 0.99))
      const text = Array.from({ length: perBook }, (_, at) => library.entry(at).text).join('.\n\n')
      const { id } = await reader.call('POST', 'api/v1/documents', {
        workspace_id: room,
        title: `Book ${round}`,
        text
      })
      const status = async () => (await reader.call('GET', `api/v1/documents/${id}`)).step
      while ((await status()) !== 'indexing') await pause(50)
      busy.push(quantile(await paced(carrel.url, reader.cookie, amount, every), 0.99))
      if ((await status()) !== 'indexing') throw new Error('the book was too short')
      mb.push(carrel.mb())
      await reader.call('DELETE', `api/v1/documents/${id}`)
      await pause(1000)
    }
    await carrel.stop()
    table(
      'answers: the home page while a book is indexed with the model',
      measured,
      [
        ['quiet, p99 ms', ...spread(quiet, 2)],
        ['meanwhile, p99 ms', ...spread(busy, 2)],
        ['p99, meanwhile / quiet', ...judged(ratios(busy, quiet), 2, { is: 'at most', value: 3 })],
        ['MB resident before the model', ...judged([before], 0, { is: 'at most', value: 150 })],
        ['MB resident with the model', ...judged(mb, 0, { is: 'at most', value: 350 })]
      ],
      [`${rounds} rounds of ${amount} requests, one every ${every} ms whether or not the last has been answered.`]
    )
  })
}
