import { join } from 'node:path'
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
import { clearLeftovers, sweepOriginals } from '../documents/leftovers.ts'
import { type Originals, originalsIn } from '../documents/originals.ts'
import { webPages } from '../documents/web-page/web-pages.ts'
import { openReading, type Reading } from '../documents/work.ts'
import { openMemory, type Remembering } from '../memory/memory.ts'
import type { Embedder } from '../search/embedder.ts'
import { openIndexes } from '../search/indexes.ts'
import { openSearching, type Searching } from '../search/searching.ts'
import { noteEmbedder } from '../search/vectors.ts'
import type { App } from './app-type.ts'

declare module 'fastify' {
  interface FastifyInstance {
    originals: Originals
    webPages: ReturnType<typeof webPages>
    extraction: Extraction
    searching: Searching
    reading: Reading
    memory: Remembering
    answering: Answering
  }
}

/** A model where there is one; else the documents answer for themselves. */
function answererFor({ modelUrl: url, modelName: model, modelKey: key }: Config): Answerer {
  return url ? openaiCompatible({ url, model, key }) : quoting
}

/** What works on the documents behind the pages: the originals, their reading, and the indexes that are searched. */
export default fp(
  async (app: FastifyInstance, { embedder }: { embedder?: Embedder | undefined }) => {
    const { config, db } = app
    app.decorate('originals', originalsIn(config.dataDir))
    app.decorate('extraction', openExtraction())
    app.decorate('webPages', webPages({ allow: config.fetchAllow, mostBytes: config.uploadMaxMb * 1e6 }))
    const indexes = openIndexes(join(config.dataDir, 'indexes'))
    app.decorate('searching', openSearching(app as App, indexes, embedder))
    app.decorate('reading', openReading(app as App))
    const answerer = answererFor(config)
    app.decorate('memory', openMemory(app as App, answerer))
    app.decorate('answering', openAnswering(app as App, answerer))

    let tidying: Promise<void> | undefined

    /** What a crash has left lying about. */
    async function tidy() {
      try {
        await clearLeftovers(app as App)
        await sweepOriginals(app as App)
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
      await app.answering.close()
      await app.memory.stop()
      await app.reading.stop()
      await app.extraction.close()
      await indexes.close()
      await embedder?.close()
    })
  },
  { name: 'desk', dependencies: ['database'] }
)
