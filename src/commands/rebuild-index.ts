import { AlreadyServing, holdServerLock } from '../database/lock.ts'
import { many } from '../plugins/words.ts'
import { openIndexes } from '../search/indexes.ts'
import { indexFolders } from '../search/replicas.ts'
import { command } from './command.ts'

async function dropAll(folder: string): Promise<number> {
  const indexes = openIndexes(folder)
  try {
    const names = await indexes.list()
    for (const name of names) await indexes.drop(name)
    return names.length
  } finally {
    await indexes.close()
  }
}

await command({
  help: `
npm run rebuild-index

Throws the search indexes away while no server runs; each is made again from the database when it is next searched.
Nothing is lost by it: an index holds nothing that is not in the database as well.`,
  options: {},
  async run({ config }) {
    const unlock = config.databaseUrl ? () => {} : holdServerLock(config)
    const folders = indexFolders(config)
    try {
      let dropped = 0
      for (const { folder, release } of folders) {
        if (!release) throw new AlreadyServing(`Another Carrel is serving from ${folder}. Stop it first.`)
        dropped += await dropAll(folder)
      }
      return `Dropped ${many(dropped, 'index', 'indexes')}; each is made again when it is next searched.`
    } finally {
      for (const { release } of folders) release?.()
      unlock()
    }
  }
})
