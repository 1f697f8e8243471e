const closing = `["'”’»›)\\]}]*`
const opening = `["'“‘«‹¿¡(\\[]*`

/** After these a full stop ends nothing: titles, references, what is short for something, and a letter alone. */
const short = [
  '\\p{Lu}|[Mm]rs?|[Mm]s|[Dd]r|[Pp]rof|[Ss]t|[Ss]r|[Jj]r|[Mm]me|[Mm]lle|[Ss]ra|[Ii]nc|[Ll]td|[Cc]o',
  '[Nn]o|[Nn]r|[Vv]ol|[Ff]igs?|[Ee]q|[Aa]rt|[Aa]bs|[Ee]d|[Pp]p|[Cc]f|[Vv]gl|vs|al',
  '[Ee]tc|[Cc]a|[Aa]pprox|[Bb]zw|[ezdu]\\.\\s?[gBBhaA]'
].join('|')

/** What ends a sentence: a full stop before something that begins one, a mark that says so alone, or the line. */
const end = new RegExp(
  [
    `[.!?…]${closing}(?<!(?<![\\p{L}\\p{N}])(?:${short})\\.)\\s+(?=${opening}[\\p{Lu}\\p{Lt}\\p{Lo}\\p{N}])`,
    '[。！？｡।॥؟۔]+[」』”’）)]*\\s*',
    '\\n+'
  ].join('|'),
  'gu'
)

/** The sentences of a text, each with the white space that follows it; joined they are the text again. */
export function sentences(text: string): string[] {
  const found: string[] = []
  let from = 0
  for (const { 0: mark, index } of text.matchAll(end)) {
    found.push(text.slice(from, index + mark.length))
    from = index + mark.length
  }
  if (from < text.length) found.push(text.slice(from))
  return found
}
