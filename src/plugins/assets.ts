import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import statics from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { type SmallFile, smallFiles } from './small-files.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Where styles, scripts and fonts are served; another place whenever one of them changes. */
    assets: string
  }
}

const folder = join(import.meta.dirname, '../../public')
const resolve = createRequire(import.meta.url).resolve
const fonts = ['literata', 'figtree'].flatMap((family) =>
  ['latin', 'latin-ext'].map((script) => {
    const name = `${family}-${script}-wght-normal.woff2`
    return { name, folder: dirname(resolve(`@fontsource-variable/${family}/files/${name}`)) }
  })
)

function fingerprint(files: SmallFile[]): string {
  const hash = createHash('sha256')
  for (const { name, content } of files) hash.update(name).update(content)
  return hash.digest('hex').slice(0, 10)
}

/** Registered before the gatekeeper, and nothing else is: these files are the same for everybody. */
export default fp(
  async (app: FastifyInstance) => {
    const files = smallFiles(folder)
    const prefix = `/assets/${fingerprint(files)}`
    app.decorate('assets', prefix)
    app.addHook('onRoute', (route) => {
      if (route.url.startsWith(prefix)) route.config = { ...route.config, impersonal: true }
    })

    for (const file of files) {
      app.get(`${prefix}/${file.name}`, async ({ headers }, reply) => {
        const packs = /\bbr\b/.test(headers['accept-encoding']?.toString() ?? '')
        if (packs) reply.header('content-encoding', 'br')
        return reply
          .header('cache-control', 'public, max-age=31536000, immutable')
          .header('vary', 'accept-encoding')
          .type(file.type)
          .send(packs ? await file.packed() : file.content)
      })
    }
    await app.register(statics, {
      immutable: true,
      maxAge: '365d',
      index: false,
      decorateReply: false,
      root: [...new Set(fonts.map((font) => font.folder))],
      prefix: `${prefix}/fonts`,
      allowedPath: (path) => fonts.some((font) => path === `/${font.name}`)
    })
  },
  { name: 'assets' }
)
