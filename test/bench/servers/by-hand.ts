import { createHash } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import cookie from '@fastify/cookie'
import Fastify, { LogController } from 'fastify'
import { openDesk } from './desk.ts'
import { talk } from './talk.ts'

// What somebody would write who needs this one page and nothing else.
const desk = openDesk()
const headers = JSON.parse(process.env.HEADERS ?? '{}') as Record<string, string>
const app = Fastify({ logger: { level: 'warn' }, logController: new LogController({ disableRequestLogging: true }) })

await app.register(cookie)
app.addHook('onRequest', (_request, reply, done) => {
  reply.headers(headers)
  done()
})
app.get('/', (request, reply) => {
  const token = request.cookies.session_id ?? ''
  const viewer = desk.viewerOf(createHash('sha256').update(token).digest('base64url'))
  if (!viewer) return reply.code(303).header('location', '/login').send()
  reply.type('text/html; charset=utf-8').send(desk.pageFor(viewer))
})

await app.listen({ port: 0, host: '127.0.0.1' })
talk((app.server.address() as AddressInfo).port)
