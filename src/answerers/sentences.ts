export type Span = { start: number; end: number }

const longestInWords = 60
const longest = 480

const abbreviations = new Set(
  `abs approx apr art aug bzw ca cf ch chap co corp dec dept dr ed eds eg esp est etc feb ff fig figs gen gov inc jan jr jul
  jun lt ltd maj mar messrs mio mr mrs ms mt nos nov nr oct op para pp prof ref rep rev sec sen sep sept sr st str usw vgl
  vol vs viz z`.split(/\s+/)
)

const ends = /(?<![.!?…‽؟।])[.!?…‽؟।]+["'”’»)\]]*(?=\s|$)|[。！？｡]+["'”’」』）]*|\n/g
const bullet = /^\s*(?:[-*•–‣◦]\s+)?/
const listItem = /^[ \t]*(?:[-*•–‣◦]|\(?[0-9]{1,3}[.)]|\(?[a-z][.)])[ \t]/

/** A full stop after an initial, an abbreviation or a small ordinal does not end a sentence. */
function endsNothing(before: string, after: string): boolean {
  if (/^\s*\p{Ll}/u.test(after)) return true
  const word = /([\p{L}\p{N}.]+)$/u.exec(before)?.[1] ?? ''
  if (/^\p{L}$/u.test(word) && word !== 'I') return true
  return /^\d{1,2}$/.test(word) || /\p{L}\.\p{L}/u.test(word) || abbreviations.has(word.toLowerCase())
}

/** A line break ends one where the writer made it, not where the page was too narrow. */
function brokenOnPurpose(text: string, at: number, lineStart: number): boolean {
  const line = text.slice(lineStart, at).trim()
  const next = text.slice(at + 1, at + 200)
  if (/^[ \t\r]*(?:\n|$)/.test(next) || listItem.test(next)) return true
  return line.length < 40 || /[:;|]$/.test(line) || /\t| \| /.test(line)
}

function trimmed(text: string, start: number, end: number): Span | undefined {
  const piece = text.slice(start, end)
  const from = start + (bullet.exec(piece)?.[0].length ?? 0)
  const to = end - (piece.length - piece.trimEnd().length)
  return /[\p{L}\p{N}]/u.test(text.slice(from, to)) ? { start: from, end: to } : undefined
}

/** What is too long to be quoted whole is cut at a semicolon or a line, else at a comma, else between two words. */
function inParts(text: string, { start, end }: Span): Span[] {
  const whole = text.slice(start, end)
  const tooMany = [...whole.matchAll(/\S+/g)][longestInWords]?.index ?? whole.length
  const room = Math.min(tooMany, longest)
  if (room >= whole.length) return [{ start, end }]
  const head = whole.slice(0, room).replace(/[\ud800-\udbff]$/, '')
  const cuts = [/^.*[;:\n、；：]/s, /^.*[,，]/s, /^.*\s/s].map((upTo) => upTo.exec(head)?.[0].length ?? 0)
  const cut = start + (cuts.find((length) => length > room / 4) ?? head.length)
  return [trimmed(text, start, cut), trimmed(text, cut, end)].flatMap((part) => (part ? inParts(text, part) : []))
}

/** Where the sentences of a text begin and end: each is a cut of the text, without the space around it. */
export function sentencesIn(text: string): Span[] {
  const spans: Span[] = []
  let start = 0
  let lineStart = 0
  function close(end: number) {
    const span = trimmed(text, start, end)
    if (span) spans.push(...inParts(text, span))
    start = end
  }
  for (const { 0: mark, index } of text.matchAll(ends)) {
    const end = index + mark.length
    if (mark === '\n') {
      if (brokenOnPurpose(text, index, lineStart)) close(end)
      lineStart = end
      continue
    }
    if (mark.startsWith('.') && endsNothing(text.slice(Math.max(start, index - 24), index), text.slice(end, end + 40)))
      continue
    close(end)
  }
  close(text.length)
  return spans
}
