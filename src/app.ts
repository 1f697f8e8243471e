import { randomUUID } from 'node:crypto'
import formbody from '@fastify/formbody'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import Fastify, { LogController } from 'fastify'
import { accountApi } from './accounts/api.ts'
import { type Hashing, passwordHashing } from './accounts/hashing.ts'
import { accountPages } from './accounts/pages.ts'
import { accountSettings } from './accounts/settings.ts'
import { keyApi } from './api-keys/api.ts'
import { keyPages } from './api-keys/pages.ts'
import { chatApi } from './chats/api.ts'
import { askingApi } from './chats/asking-api.ts'
import { askingPages } from './chats/asking-pages.ts'
import { chatPages } from './chats/pages.ts'
import type { Config } from './config.ts'
import { openDataFolder } from './data-folder.ts'
import type { Db } from './database/tables.ts'
import { documentApi } from './documents/api.ts'
import { documentPages } from './documents/pages.ts'
import { documentReadingApi } from './documents/reading-api.ts'
import { healthRoutes } from './health/routes.ts'
import { homePages } from './home/pages.ts'
import { identityApi } from './identities/api.ts'
import { linkPages } from './identities/link-pages.ts'
import { identityPages } from './identities/pages.ts'
import { instanceApi } from './instances/api.ts'
import { instancePages } from './instances/pages.ts'
import { type InstancePasswords, instancePasswords } from './instances/password.ts'
import { inviteApi } from './invites/api.ts'
import { invitePages } from './invites/pages.ts'
import { type Mailer, openMailer } from './mail/mailer.ts'
import { mcpApi } from './mcp/api.ts'
import { memoryApi } from './memory/api.ts'
import { memoryPages } from './memory/pages.ts'
import { memorySettings } from './memory/settings.ts'
import access from './plugins/access.ts'
import answers from './plugins/answers.ts'
import assets from './plugins/assets.ts'
import audit from './plugins/audit.ts'
import cookies from './plugins/cookies.ts'
import cors from './plugins/cors.ts'
import created from './plugins/created.ts'
import database from './plugins/database.ts'
import desk from './plugins/desk.ts'
import errorPages from './plugins/error-pages.ts'
import etag from './plugins/etag.ts'
import { parseForm } from './plugins/forms.ts'
import housekeeping from './plugins/housekeeping.ts'
import { acceptJson } from './plugins/json.ts'
import origin from './plugins/origin.ts'
import rateLimit from './plugins/rate-limit.ts'
import repeats from './plugins/repeats.ts'
import requestLog, { logged } from './plugins/request-log.ts'
import routeTable from './plugins/route-table.ts'
import securityHeaders from './plugins/security-headers.ts'
import { serializerFor } from './plugins/serialising.ts'
import session from './plugins/session.ts'
import { validatorFor } from './plugins/validation.ts'
import views from './plugins/views.ts'
import { promptApi } from './prompts/api.ts'
import { promptPages } from './prompts/pages.ts'
import { referencePages } from './reference/pages.ts'
import { searchApi } from './search/api.ts'
import type { Embedder } from './search/embedder.ts'
import { searchPages } from './search/pages.ts'
import { loadSecrets } from './secret.ts'
import { sessionApi } from './sessions/api.ts'
import { sessionPages } from './sessions/pages.ts'
import { type BearerTokens, bearerTokens } from './sessions/token.ts'
import { setupPages } from './setup/pages.ts'
import { tagApi } from './tags/api.ts'
import { tagPages } from './tags/pages.ts'
import { taskApi } from './tasks/api.ts'
import { taskPages } from './tasks/pages.ts'
import { workspaceApi } from './workspaces/api.ts'
import { workspacePages } from './workspaces/pages.ts'

declare module 'fastify' {
  interface FastifyInstance {
    config: Config
    db: Db
    now: () => Date
    hashing: Hashing
    tokens: BearerTokens
    instancePasswords: InstancePasswords
    mailer: Mailer
  }
}

const largestForm = 256 * 1024
/** A large file over a thin line takes its time. */
const slowestRequest = 5 * 60_000
const longestAddress = 16 * 1024

/** An address that cannot be decoded is one that is not there, told like any other. */
function readable(url: string): string {
  if (!url.includes('%')) return url
  try {
    decodeURIComponent(url.split('?', 1)[0] as string)
    return url
  } catch {
    return url.replaceAll('%', '%25')
  }
}

/** What Carrel has around it: the time, and who gives vectors, if anybody does. */
type Surroundings = { now?: () => Date; embedder?: Embedder | undefined }

/** Carrel, ready to listen: the plugins in the order a request meets them, then one line for each room. */
export async function buildApp(config: Config, { now = () => new Date(), embedder }: Surroundings = {}) {
  openDataFolder(config)
  const app = Fastify({
    logger: { level: config.logLevel, serializers: logged },
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID().slice(0, 13),
    requestIdHeader: false,
    trustProxy: config.trustProxy.length > 0 ? config.trustProxy : false,
    bodyLimit: largestForm,
    rewriteUrl: ({ url = '/' }) => readable(url),
    routerOptions: { maxParamLength: longestAddress, querystringParser: parseForm },
    requestTimeout: slowestRequest,
    forceCloseConnections: 'idle',
    schemaController: {
      compilersFactory: { buildValidator: () => validatorFor, buildSerializer: () => serializerFor } as never
    }
  }).withTypeProvider<TypeBoxTypeProvider>()

  app.decorate('config', config)
  app.decorate('now', now)
  const secrets = loadSecrets(config)
  app.decorate('tokens', bearerTokens(secrets, now))
  app.decorate('instancePasswords', instancePasswords(secrets))
  app.decorate('hashing', passwordHashing(config.hashMemoryMb))
  app.decorate('mailer', openMailer(config))

  await app.register(database)

  app.removeContentTypeParser('text/plain')
  acceptJson(app as never)
  await app.register(formbody, { parser: parseForm })
  await app.register(cookies)
  await app.register(assets)
  await app.register(answers)
  await app.register(routeTable)
  await app.register(securityHeaders)
  await app.register(requestLog)
  await app.register(audit)
  await app.register(cors)
  await app.register(session)
  await app.register(rateLimit)
  await app.register(origin)
  await app.register(access)
  await app.register(created)
  await app.register(etag)
  await app.register(repeats)
  await app.register(views)
  await app.register(errorPages)
  await app.register(housekeeping)
  await app.register(desk, { embedder })

  await app.register(healthRoutes)
  await app.register(setupPages)
  await app.register(homePages)
  await app.register(accountPages)
  await app.register(accountSettings)
  await app.register(accountApi)
  await app.register(sessionPages)
  await app.register(sessionApi)
  await app.register(keyPages)
  await app.register(keyApi)
  await app.register(instancePages)
  await app.register(instanceApi)
  await app.register(identityPages)
  await app.register(linkPages)
  await app.register(identityApi)
  await app.register(workspacePages)
  await app.register(workspaceApi)
  await app.register(documentPages)
  await app.register(documentApi)
  await app.register(documentReadingApi)
  await app.register(searchPages)
  await app.register(searchApi)
  await app.register(chatPages)
  await app.register(askingPages)
  await app.register(chatApi)
  await app.register(askingApi)
  await app.register(mcpApi)
  await app.register(memoryPages)
  await app.register(memorySettings)
  await app.register(memoryApi)
  await app.register(promptPages)
  await app.register(promptApi)
  await app.register(tagPages)
  await app.register(tagApi)
  await app.register(invitePages)
  await app.register(inviteApi)
  await app.register(taskPages)
  await app.register(taskApi)
  await app.register(referencePages)
  return app
}
