import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Indexes, openIndexes } from '../../../src/search/indexes.ts'
import { type Asked, embedder, fill, limit, questionsAbout, timed } from '../support/asking.ts'
import { inFolder } from '../support/folder.ts'
import { openLibrary } from '../support/library.ts'
import { judged, ratios, spread } from '../support/numbers.ts'
import { measured, table } from '../support/table.ts'

const few = 1000
const others = 1000
const perRound = 60

/** The same small index alone, and with many others on the disk, one of which is searched before each question. */
export function neighbours() {
  return inFolder(async (folder) => {
    const library = await openLibrary()
    const indexes = openIndexes(folder)
    const questions = questionsAbout(library, await fill(indexes, 'small', library, few), perRound)
    await indexes.close()

    const askSmall = (among: Indexes) => (asked: Asked) => among.search('small', { ...asked, embedder, limit })
    const quiet = openIndexes(folder)
    const alone = await timed(askSmall(quiet), questions)
    await quiet.close()
    for (let other = 0; other < others; other += 1) {
      copyFileSync(join(folder, 'small.db'), join(folder, `other${other}.db`))
    }
    const busy = openIndexes(folder)
    const among = await timed(askSmall(busy), questions)
    let next = 0
    const visits = await timed(async (asked) => {
      next = (next + 1) % others
      await busy.search(`other${next}`, { ...asked, embedder, limit })
    }, questions)
    const after = await timed(askSmall(busy), questions)
    await busy.close()
    table(
      `search: an index of ${few.toLocaleString('en')} passages and its neighbours`,
      measured,
      [
        ['alone: ms, p50', ...spread(alone.p50, 2)],
        [`with ${others} others: ms, p50`, ...spread(among.p50, 2)],
        ['after searches in others: ms, p50', ...spread(after.p50, 2)],
        ['with others / alone', ...judged(ratios(among.p50, alone.p50), 2, { is: 'at most', value: 1.2 })],
        ['after searches in others / alone', ...judged(ratios(after.p50, alone.p50), 2, { is: 'at most', value: 1.2 })],
        ['one not open yet: ms, p50', ...spread(visits.p50, 2)]
      ],
      [`The others are copies of it under other names, ${few.toLocaleString('en')} passages each.`]
    )
  })
}
