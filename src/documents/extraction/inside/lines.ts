const lineBreak = /\r\n|[\n\r\f\v\u0085\u2028\u2029]/g
const item = /^\s*(?:[-*+•◦▪‣–—·]|\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,4})[.)])\s+\S/

const shortestMargin = 50
const widestMargin = 130
const fullness = 0.7
const longestParagraph = 80

export function* linesOf(text: string): Generator<string> {
  let from = 0
  for (const { index, 0: found } of text.matchAll(lineBreak)) {
    yield text.slice(from, index)
    from = index + found.length
  }
  yield text.slice(from)
}

export const startsItem = (line: string) => item.test(line)

/** Lines of one paragraph that were broken only because the page was full. */
function wasWrapped(lines: string[]): boolean {
  const lengths = lines.map((line) => line.trim().length)
  const widest = lengths.reduce((most, length) => Math.max(most, length), 0)
  if (lines.length < 2 || lines.length > longestParagraph) return false
  if (widest < shortestMargin || widest > widestMargin) return false
  const full = lengths.slice(0, -1).filter((length) => length >= widest * fullness)
  return full.length >= (lines.length - 1) * fullness
}

function* itemsIn(lines: string[]): Generator<string[]> {
  let current: string[] = []
  for (const line of lines) {
    if (startsItem(line) && current.length > 0) {
      yield current
      current = []
    }
    current.push(line)
  }
  if (current.length > 0) yield current
}

/** What lines without an empty one between them are: one paragraph, several items, or a line each. */
export function* paragraphsOf(lines: string[]): Generator<string> {
  for (const group of itemsIn(lines)) {
    if (wasWrapped(group)) yield group.join(' ')
    else yield* group
  }
}
