import type { FastifyRequest } from 'fastify'
import type { App } from '../plugins/app-type.ts'

/** The link to pass on: at the public address, or where its maker is looking at Carrel when none is set. */
export function linkTo(app: App, request: FastifyRequest, code: string): string {
  const site = app.config.publicUrl ?? `${request.protocol}://${request.host}`
  return `${site}/accept-invite?code=${code}`
}
