import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { writeAnewIfDue } from '../database/anew.ts'
import { claimJob } from '../database/jobs.ts'
import { purgeExpired } from '../sessions/purge.ts'

const hour = 3600 * 1000

/** What has expired is dropped every hour, by one of however many processes there are. */
export default fp(
  async (app: FastifyInstance) => {
    async function tidy() {
      try {
        if (await claimJob(app.db, 'purge-expired-sessions', hour - 60_000, app.now())) {
          await purgeExpired(app.db, app.now())
          await writeAnewIfDue(app.db)
        }
      } catch (error) {
        app.log.error({ err: error }, 'what has expired could not be dropped')
      }
    }
    const timer = setInterval(tidy, hour)
    timer.unref()
    app.addHook('onClose', async () => clearInterval(timer))
  },
  { name: 'housekeeping', dependencies: ['database'] }
)
