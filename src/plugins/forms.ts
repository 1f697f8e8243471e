import { parse } from 'node:querystring'
import type { FastifyRequest } from 'fastify'

const mostFields = 200

/** A form's fields, where one left empty counts as not given. */
export function parseForm(text: string): Record<string, string | string[]> {
  if (text === '') return {}
  const given = Object.entries(parse(text, undefined, undefined, { maxKeys: mostFields }))
  return Object.fromEntries(given.filter(([, value]) => value !== '')) as Record<string, string | string[]>
}

const plain = (given: unknown) => (given && typeof given === 'object' && !Array.isArray(given) ? given : {})

/** What was asked for and typed, before anybody has looked whether it is what it should be; a text is no fields. */
export function fieldsOf({ query, body }: Pick<FastifyRequest, 'query' | 'body'>): Record<string, unknown> {
  return { ...plain(query), ...plain(body) }
}
