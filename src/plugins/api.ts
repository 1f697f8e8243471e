import type { FastifyRequest } from 'fastify'

/** The JSON API. */
export const isApiPath = (path: string) => path.startsWith('/api/')

/** What answers programs: the JSON API, and the Model Context Protocol. */
const isForPrograms = (path: string) => isApiPath(path) || /^\/mcp(?:\?|$)/.test(path)

/** Whether a program is answered, in JSON; asked of the route, because the address it came by may be spelled anyhow. */
export const isApi = ({ routeOptions, url }: Pick<FastifyRequest, 'routeOptions' | 'url'>) =>
  isForPrograms(routeOptions.url ?? url)
