import type { FastifyRequest } from 'fastify'
import type { App } from '../plugins/app-type.ts'
import { siteOf } from '../plugins/site.ts'

/** The link to pass on. */
export function linkTo(app: App, request: FastifyRequest, code: string): string {
  return `${siteOf(app, request)}/accept-invite?code=${code}`
}
