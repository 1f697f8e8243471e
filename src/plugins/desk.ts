import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import type { Answerer } from '../answerers/answerer.ts'
import { openaiCompatible } from '../answerers/openai-compatible.ts'
import { quoting } from '../answerers/quoting.ts'
import { type Answering, openAnswering } from '../chats/answering.ts'
import { interruptLost } from '../chats/hold.ts'
import type { Config } from '../config.ts'
import { type Extraction, openExtraction } from '../documents/extraction/extraction.ts'
import { releaseAll } from '../documents/hold.ts'
import { clearLeftovers, longestUpload, sweepOriginals } from '../documents/leftovers.ts'
import { type Originals, originalsIn } from '../documents/originals.ts'
import { soManyEach } from '../documents/web-page/at-once.ts'
import { webPages } from '../documents/web-page/web-pages.ts'
import { openReading, type Reading } from '../documents/work.ts'
import { openMemory, type Remembering } from '../memory/memory.ts'
import { type Cutting, openCutting } from '../search/cutting.ts'
import type { Embedder } from '../search/embedder.ts'
import { type Following, openFollowing } from '../search/following.ts'
import { openIndexes } from '../search/indexes.ts'
import { claimIndexes } from '../search/replicas.ts'
import { openSearching, type Searching } from '../search/searching.ts'
import { noteEmbedder } from '../search/vectors.ts'
import type { App } from './app-type.ts'

declare module 'fastify' {
  interface FastifyInstance {
    originals: Originals
    webPages: ReturnType<typeof webPages>
    savingPages: ReturnType<typeof soManyEach>
    extraction: Extraction
    cutting: Cutting
    searching: Searching
    following: Following
    reading: Reading
    memory: Remembering
    answering: Answering
  }
}

/** A page may take a minute to arrive, and all of them come through one process. */
const pagesAtOnce = 3

/** A model where there is one; else the documents answer for themselves. */
function answererFor({ modelUrl: url, modelName: model, modelKey: key }: Config): Answerer {
  return url ? openaiCompatible({ url, model, key }) : quoting
}

/** What works on the documents behind the pages: the originals, their reading, and the indexes that are searched. */
export default fp(
  async (app: FastifyInstance, { embedder }: { embedder?: Embedder | undefined }) => {
    const { config, db } = app
    const begun = Date.now()
    app.decorate('originals', originalsIn(config.dataDir))
    app.decorate('extraction', openExtraction())
    app.decorate('cutting', openCutting())
    app.decorate(
      'savingPages',
      soManyEach(pagesAtOnce, `You are saving ${pagesAtOnce} pages already. Wait for one of them.`)
    )
    app.decorate('webPages', webPages({ allow: config.fetchAllow, mostBytes: config.uploadMaxMb * 1e6 }))
    const { folder, release } = claimIndexes(config)
    const indexes = openIndexes(folder)
    app.decorate('searching', openSearching(app as App, indexes, embedder))
    app.decorate('following', openFollowing(app as App, indexes))
    app.decorate('reading', openReading(app as App))
    const answerer = answererFor(config)
    app.decorate('memory', openMemory(app as App, answerer))
    app.decorate('answering', openAnswering(app as App, answerer))

    let tidying: Promise<void> | undefined

    /** What a crash has left lying about. */
    async function tidy() {
      try {
        await clearLeftovers(app)
        // Where several servers share the folder, one of them may be taking an upload at this moment.
        await sweepOriginals(app, config.databaseUrl ? Date.now() - longestUpload : begun)
      } catch (error) {
        app.log.error({ err: error }, 'what was left over could not be cleared away')
      }
    }

    app.addHook('onReady', async () => {
      if (!config.databaseUrl) await releaseAll(db)
      await interruptLost(db, app.now(), { alone: !config.databaseUrl })
      if (embedder) await noteEmbedder(embedder.id, db)
      app.reading.wake()
      tidying = tidy()
    })
    app.addHook('preClose', async () => {
      await tidying
      await app.following.stop()
      await app.answering.close()
      await app.memory.stop()
      const stopped = app.reading.stop()
      await Promise.all([app.extraction.close(), app.cutting.close()])
      await embedder?.close()
      await stopped
      await indexes.close()
      release()
    })
  },
  { name: 'desk', dependencies: ['database'] }
)
