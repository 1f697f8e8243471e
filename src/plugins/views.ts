import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import view from '@fastify/view'
import type { FastifyInstance, FastifyReply } from 'fastify'
import fp from 'fastify-plugin'
import nunjucks from 'nunjucks'
import { type Notice, notices } from './notice.ts'

const folder = join(import.meta.dirname, '../../views')

declare module 'fastify' {
  interface FastifyReply {
    /** A page of ours, with what every page needs. */
    page(name: string, data?: object): FastifyReply
    /** Goes to another page after a form worked, which may say so once. */
    goTo(path: string, notice?: Notice): FastifyReply
  }
}

const months = 'January February March April May June July August September October November December'.split(' ')

/** "28 November 2026". Intl would say the same and take eight megabytes for it. */
function inWords(moment: string): string {
  const [year, month, day] = moment.slice(0, 10).split('-').map(Number)
  return `${day} ${months[(month ?? 1) - 1]} ${year}`
}

/** Compiled at the start, so that a template that is wrong stops the boot. */
function prepare(env: nunjucks.Environment) {
  env.addFilter('day', inWords)
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (file.endsWith('.njk')) env.getTemplate(file, true)
  }
}

export default fp(
  async (app: FastifyInstance) => {
    await app.register(view, {
      engine: { nunjucks },
      templates: folder,
      viewExt: 'njk',
      defaultContext: {
        assets: app.assets,
        passwordMinLength: app.config.passwordMinLength,
        signup: app.config.signup
      },
      options: {
        autoescape: true,
        trimBlocks: true,
        lstripBlocks: true,
        onConfigure: prepare
      }
    })

    app.decorateReply('page', function (this: FastifyReply, name, data) {
      const { request } = this
      const said = request.keptCookie('notice')
      if (said) this.dropCookie('notice')
      // What is for one person is kept nowhere on the way; the rest may be asked for again cheaply.
      this.header('cache-control', request.viewer ? 'no-store' : 'private, no-cache')
      this.header('speculation-rules', `"${app.assets}/speculation-rules.json"`)
      return this.view(name, {
        viewer: request.viewer,
        path: request.url,
        notice: said && Object.hasOwn(notices, said) ? notices[said as Notice] : undefined,
        ...data
      })
    })

    app.decorateReply('goTo', function (this: FastifyReply, path, notice) {
      if (notice) this.keepCookie('notice', notice, 60)
      return this.redirect(path, 303)
    })
  },
  { name: 'views', dependencies: ['cookies'] }
)
