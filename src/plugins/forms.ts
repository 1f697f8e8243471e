import { parse } from 'node:querystring'

const mostFields = 200

/** A form's fields, where one left empty counts as not given. */
export function parseForm(text: string): Record<string, string | string[]> {
  if (text === '') return {}
  const given = Object.entries(parse(text, undefined, undefined, { maxKeys: mostFields }))
  return Object.fromEntries(given.filter(([, value]) => value !== '')) as Record<string, string | string[]>
}
