import type { FastifyRequest } from 'fastify'

/** Whether a program is answered, in JSON; asked of the route, because the address it came by may be spelled anyhow. */
export const isApi = ({ routeOptions, url }: Pick<FastifyRequest, 'routeOptions' | 'url'>) =>
  (routeOptions.url ?? url).startsWith('/api/')
