import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import view from '@fastify/view'
import type { FastifyInstance, FastifyReply } from 'fastify'
import fp from 'fastify-plugin'
import nunjucks from 'nunjucks'
import { inWords as formatInWords } from '../documents/formats.ts'
import { type Notice, noticeFrom } from './notice.ts'
import { size } from './words.ts'

const folder = join(import.meta.dirname, '../../views')

declare module 'fastify' {
  interface FastifyReply {
    /** A page of ours, with what every page needs. */
    page(name: string, data?: object): FastifyReply
    /** The text of a page, for whoever sends it bit by bit; the headers it needs are set. */
    pageText(name: string, data?: object): string
    /** The text of a part of a page. */
    partText(name: string, data?: object): string
    /** Goes to another page after a form worked, which may say so once. */
    goTo(path: string, notice?: Notice, ...numbers: number[]): FastifyReply
  }
}

const months = 'January February March April May June July August September October November December'.split(' ')

/** "28 November 2026". Intl would say the same and take eight megabytes for it. */
function inWords(moment: string): string {
  const [year, month, day] = moment.slice(0, 10).split('-').map(Number)
  return `${day} ${months[(month ?? 1) - 1]} ${year}`
}

/** "28 November 2026, 14:05 UTC", which public/times.js turns into the reader's own time. */
const toTheMinute = (moment: string) => `${inWords(moment)}, ${moment.slice(11, 16)} UTC`

/** Every template by its name, compiled at the start, so that one that is wrong stops the boot. */
function compiled(env: nunjucks.Environment): Map<string, nunjucks.Template> {
  env.addFilter('day', inWords)
  env.addFilter('size', size)
  env.addFilter('format', formatInWords)
  env.addFilter('minute', toTheMinute)
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.njk'))
  return new Map(files.map((file) => [file.slice(0, -'.njk'.length), env.getTemplate(file, true)]))
}

export default fp(
  async (app: FastifyInstance) => {
    let templates = new Map<string, nunjucks.Template>()
    await app.register(view, {
      engine: { nunjucks },
      templates: folder,
      options: {
        autoescape: true,
        trimBlocks: true,
        lstripBlocks: true,
        onConfigure(env: nunjucks.Environment) {
          templates = compiled(env)
        }
      }
    })
    const { assets, config } = app
    const { passwordMinLength, signup } = config
    const providers = config.providers.map(({ id, name }) => ({ id, name }))

    app.decorateReply('partText', function (this: FastifyReply, name, data) {
      const { viewer, url: path } = this.request
      // A template renders at once; `reply.view` would put it, and every reader behind it, through four promises.
      const template = templates.get(name)
      if (!template) throw new Error(`There is no page ${name}.`)
      return template.render({ assets, passwordMinLength, signup, providers, viewer, path, ...data })
    })

    app.decorateReply('pageText', function (this: FastifyReply, name, data) {
      const { request } = this
      const said = request.keptCookie('notice')
      if (said) this.dropCookie('notice')
      // What is for one person is kept nowhere on the way; the rest may be asked for again cheaply.
      this.header('cache-control', request.viewer ? 'no-store' : 'private, no-cache')
      this.header('speculation-rules', `"${app.assets}/speculation-rules.json"`)
      this.type('text/html; charset=utf-8')
      return this.partText(name, { notice: said && noticeFrom(said), ...data })
    })

    app.decorateReply('page', function (this: FastifyReply, name, data) {
      return this.send(this.pageText(name, data))
    })

    app.decorateReply('goTo', function (this: FastifyReply, path, notice, ...numbers) {
      if (notice) this.keepCookie('notice', [notice, ...numbers].join('.'), 60)
      return this.redirect(path, 303)
    })
  },
  { name: 'views', dependencies: ['cookies'] }
)
