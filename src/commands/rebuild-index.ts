import { join } from 'node:path'
import { holdServerLock } from '../database/lock.ts'
import { many } from '../plugins/words.ts'
import { openIndexes } from '../search/indexes.ts'
import { command } from './command.ts'

await command({
  help: `
npm run rebuild-index

Throws the search indexes away while no server runs; each is made again from the database when it is next searched.
Nothing is lost by it: an index holds nothing that is not in the database as well.`,
  options: {},
  async run({ config }) {
    const unlock = config.databaseUrl ? () => {} : holdServerLock(config)
    const indexes = openIndexes(join(config.dataDir, 'indexes'))
    try {
      const names = await indexes.list()
      for (const name of names) await indexes.drop(name)
      return `Dropped ${many(names.length, 'index', 'indexes')}; each is made again when it is next searched.`
    } finally {
      await indexes.close()
      unlock()
    }
  }
})
