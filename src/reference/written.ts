/** How a language writes what JSON says: a text, the three words, and what comes from outside. */
export type Tongue = {
  text: (value: string) => string
  words: Record<'true' | 'false' | 'null', string>
  outside: (name: string) => string
}

/** `workspaceId`, and `workspace_id` too, is WORKSPACE_ID outside. */
export const outsideName = (name: string) => name.replaceAll(/([A-Z])/g, '_$1').toUpperCase()

/** What differs from desk to desk, and what should stand in no file, comes from outside. */
const fromOutside = /_id$|_token$|password$|^code$|^username$/

/** A value in a language, on one line. */
export function written(value: unknown, tongue: Tongue, field = ''): string {
  if (typeof value === 'string')
    return fromOutside.test(field) ? tongue.outside(outsideName(field)) : tongue.text(value)
  if (Array.isArray(value)) return `[${value.map((one) => written(one, tongue)).join(', ')}]`
  if (value !== null && typeof value === 'object') {
    const fields = Object.entries(value).map(([name, one]) => `${JSON.stringify(name)}: ${written(one, tongue, name)}`)
    return `{${fields.join(', ')}}`
  }
  const word = String(value)
  return word in tongue.words ? tongue.words[word as keyof Tongue['words']] : word
}
