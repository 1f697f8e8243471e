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

const widest = 64

/** What stands in brackets: on one line, or where that is long on one line each, further in. */
function bracketed(brackets: '[]' | '{}', inside: string[], indent: string): string {
  const [open, close] = brackets
  const line = `${open}${inside.join(', ')}${close}`
  if (line.length <= widest) return line
  return `${open}\n${inside.map((one) => `${indent}  ${one}`).join(',\n')}\n${indent}${close}`
}

/** A value in a language; `indent` is how far in the line begins on which it stands. */
export function written(value: unknown, tongue: Tongue, indent = '', field = ''): string {
  if (typeof value === 'string')
    return fromOutside.test(field) ? tongue.outside(outsideName(field)) : tongue.text(value)
  const deeper = `${indent}  `
  if (Array.isArray(value)) {
    return bracketed(
      '[]',
      value.map((one) => written(one, tongue, deeper)),
      indent
    )
  }
  if (value !== null && typeof value === 'object') {
    const fields = Object.entries(value)
    return bracketed(
      '{}',
      fields.map(([name, one]) => `${JSON.stringify(name)}: ${written(one, tongue, deeper, name)}`),
      indent
    )
  }
  const word = String(value)
  return word in tongue.words ? tongue.words[word as keyof Tongue['words']] : word
}
