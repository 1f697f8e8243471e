import { buildApp } from './app.ts'
import { environment } from './commands/environment.ts'
import { awaited, readConfig, WrongSettings } from './config.ts'
import { AlreadyServing } from './database/lock.ts'
import { settle } from './settle.ts'
import { offerSetup } from './setup/store.ts'

const longestDrain = 4000

async function start() {
  const env = environment()
  const config = readConfig(env)
  const app = await buildApp(config)

  async function stop(signal: string) {
    app.log.info({ signal }, 'stopping')
    const hurry = setTimeout(() => app.server.closeAllConnections(), longestDrain)
    // A connection whose last request was still running is idle only after the close has looked for idle ones.
    const sweep = setInterval(() => app.server.closeIdleConnections(), 50)
    await app.close()
    clearTimeout(hurry)
    clearInterval(sweep)
    process.exit(0)
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
  process.on('unhandledRejection', (error) => app.log.error({ err: error }, 'a promise nobody waited for failed'))

  const unused = awaited.filter((name) => env[name]?.trim())
  if (unused.length > 0) app.log.warn(`Set, but not used by this version yet: ${unused.join(', ')}`)

  await app.listen({ port: config.port, host: config.host })
  const token = await offerSetup(app.db, app.now())
  const site = config.publicUrl ?? app.listeningOrigin
  console.log(`Carrel is open at ${site}`)
  if (token)
    console.log(
      `Nobody has a desk here yet. Make the administrator's, once, within a day:\n${site}/setup?token=${token}`
    )
  settle()
}

start().catch((error) => {
  const plain = error instanceof WrongSettings || error instanceof AlreadyServing || error.code === 'EADDRINUSE'
  console.error(plain ? error.message : error)
  process.exit(1)
})
