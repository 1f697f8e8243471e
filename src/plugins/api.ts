import type { FastifyRequest } from 'fastify'

/** What answers programs: the JSON API, and the Model Context Protocol. */
export const isApiPath = (path: string) => path.startsWith('/api/') || /^\/mcp(?:\?|$)/.test(path)

/** Whether a program is answered, in JSON; asked of the route, because the address it came by may be spelled anyhow. */
export const isApi = ({ routeOptions, url }: Pick<FastifyRequest, 'routeOptions' | 'url'>) =>
  isApiPath(routeOptions.url ?? url)
