import type { Tool as Offered } from '@modelcontextprotocol/server'
import type { TObject } from 'typebox'

/** What our own validator knows beside JSON Schema, and the patterns, which not everybody's can read. */
const ours = new Set(['says', 'trim', 'finite', 'pattern'])

/** A schema as it is told: what it is for stands in its descriptions, and the rest is checked here. */
export function shape(schema: TObject): Offered['inputSchema'] {
  const told = JSON.parse(JSON.stringify(schema, (name, value) => (ours.has(name) ? undefined : value)))
  // What has a default need not be given.
  const required = told.required?.filter((name: string) => !('default' in told.properties[name]))
  return { ...told, required }
}
