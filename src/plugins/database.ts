import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { holdServerLock } from '../database/lock.ts'
import { migrate } from '../database/migrate.ts'
import { openDatabase } from '../database/open.ts'

/** Opens the database, alone where it must be alone, brought up to date before anything is served. */
export default fp(
  async (app: FastifyInstance) => {
    const { config } = app
    const unlock = config.databaseUrl ? () => {} : holdServerLock(config)
    const db = await openDatabase(config)
    app.decorate('db', db)
    app.addHook('onClose', async () => {
      await db.destroy()
      unlock()
    })
    await migrate(db, config)
  },
  { name: 'database' }
)
