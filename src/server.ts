import { buildApp } from './app.ts'
import { environment } from './commands/environment.ts'
import { readOptions } from './commands/options.ts'
import { awaited, type Config, readConfig, WrongSettings } from './config.ts'
import { AlreadyServing } from './database/lock.ts'
import { openEndpoint } from './search/endpoint.ts'
import { type Opened, openMiniLm } from './search/minilm.ts'
import { settle } from './settle.ts'
import { offerSetup } from './setup/store.ts'

const longestDrain = 4000

const help = `
npm start [-- --help]

Installs what is missing, makes the data folder, the secret and the database where there are none, and serves until it
is told to stop. What it does is set in the environment or in a file .env; README.md lists the settings.`

/** What the system says against the place to listen at, as what is wrong with which setting. */
function wrongPlace(error: NodeJS.ErrnoException): Error {
  const { code = '', message } = error
  if (['EADDRINUSE', 'EACCES'].includes(code))
    return new WrongSettings(`PORT must be one that is free and that Carrel may use: ${message}`)
  if (/^(ENOTFOUND|EADDRNOTAVAIL|EAFNOSUPPORT|EINVAL|EAI_)/.test(code))
    return new WrongSettings(`HOST must be an address of this machine, such as 127.0.0.1 or 0.0.0.0: ${message}`)
  return error
}

/** Whoever gives the vectors: the server that was named, or the model that npm has brought, if it could. */
function embedderFor({ embeddingUrl: url, embeddingName: name }: Config): Opened {
  return url ? { embedder: openEndpoint({ url, name }) } : openMiniLm()
}

async function serve() {
  if (!readOptions(help)) return
  const env = environment()
  const config = readConfig(env)
  const { embedder, missing } = embedderFor(config)
  const app = await buildApp(config, { embedder })
  if (missing) app.log.warn(missing)

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

  await app.listen({ port: config.port, host: config.host }).catch((error) => Promise.reject(wrongPlace(error)))
  const token = await offerSetup(app.db, app.now())
  const site = config.publicUrl ?? app.listeningOrigin
  console.log(`Carrel is open at ${site}`)
  if (token)
    console.log(
      `Nobody has a desk here yet. Make the administrator's, once, within a day:\n${site}/setup?token=${token}`
    )
  settle()
}

/** Serves, or says in words why not and ends. */
export async function start() {
  try {
    await serve()
  } catch (fault) {
    const error = fault as NodeJS.ErrnoException
    const mistyped = error.code?.startsWith('ERR_PARSE_ARGS')
    const plain = mistyped || error instanceof WrongSettings || error instanceof AlreadyServing
    console.error(plain ? error.message : error)
    process.exit(1)
  }
}
