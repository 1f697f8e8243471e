import type { FastifyRequest } from 'fastify'
import type { App } from './app-type.ts'

/** The public address; or where somebody is looking at Carrel, when none is set. */
export const siteOf = (app: App, request: FastifyRequest) =>
  app.config.publicUrl ?? `${request.protocol}://${request.host}`
