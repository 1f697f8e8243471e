import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import statics from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

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

function fingerprint(): string {
  const hash = createHash('sha256')
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    const file = join(folder, name)
    if (statSync(file).isFile()) hash.update(name).update(readFileSync(file))
  }
  return hash.digest('hex').slice(0, 10)
}

/** Registered before the gatekeeper, and nothing else is: these files are the same for everybody. */
export default fp(
  async (app: FastifyInstance) => {
    const prefix = `/assets/${fingerprint()}`
    app.decorate('assets', prefix)
    app.addHook('onRoute', (route) => {
      if (route.url.startsWith(prefix)) route.config = { ...route.config, impersonal: true }
    })
    const cached = { immutable: true, maxAge: '365d', index: false, decorateReply: false } as const

    await app.register(statics, {
      ...cached,
      root: folder,
      prefix,
      setHeaders: (response, path) => {
        if (path.endsWith('speculation-rules.json')) {
          response.header('content-type', 'application/speculationrules+json')
        }
      }
    })
    await app.register(statics, {
      ...cached,
      root: [...new Set(fonts.map((font) => font.folder))],
      prefix: `${prefix}/fonts`,
      allowedPath: (path) => fonts.some((font) => path === `/${font.name}`)
    })
  },
  { name: 'assets' }
)
