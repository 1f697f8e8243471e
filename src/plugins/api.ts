import type { FastifyRequest } from 'fastify'

export const isApiPath = (path: string) => path.startsWith('/api/')

/** Whether a program is answered, in JSON; asked of the route, because the address it came by may be spelled anyhow. */
export const isApi = ({ routeOptions, url }: Pick<FastifyRequest, 'routeOptions' | 'url'>) =>
  isApiPath(routeOptions.url ?? url)
