import { purgeExpired } from '../sessions/purge.ts'
import { command } from './command.ts'

await command({
  help: `
npm run purge-expired-sessions

Drops expired sessions, invites, links and throttle rows. The server does so by itself every hour; this does it now,
also while the server runs.`,
  options: {},
  async run({ db }) {
    const { sessions, others } = await purgeExpired(db, new Date())
    return `Dropped what had expired: sessions ${sessions}, other rows ${others}.`
  }
})
