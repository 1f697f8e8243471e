const fenceLine = /^ {0,3}(`{3,}|~{3,})/
const indented = /^(?: {4}| {0,3}\t)/
/** Up to the last word. A search from the front would look at each word to its end from each of its letters. */
const upToSpace = /^[\s\S]*\s/
/** A line that so far is nothing but the mark it begins with may become anything. */
const onlyMark = /(?:^|\n)[ \t]*(?:[-*+>#]+|\d{1,9}[.)])[ \t]*$/

/** Where the last block begins, and whether it is code that is still open. */
function lastBlock(markdown: string): { start: number; fenced: boolean } {
  let [start, at, fence] = [0, 0, '']
  // The last line may still become anything.
  for (const line of markdown.split('\n').slice(0, -1)) {
    const mark = fenceLine.exec(line)?.[1]
    at += line.length + 1
    if (fence) {
      if (!mark?.startsWith(fence) || line.trim() !== mark) continue
      fence = ''
      start = at
    } else if (mark) fence = mark
    else if (line.trim() === '') start = at
  }
  return { start, fenced: fence !== '' }
}

/** Where a link or a citation that begins with this bracket ends; nothing as long as that cannot be told. */
function endOfBracket(text: string, from: number): number | undefined {
  const citation = /^\[\d{1,4}\]/.exec(text.slice(from, from + 6))
  if (citation) return from + citation[0].length
  const close = text.indexOf(']', from)
  if (close < 0 || close === text.length - 1) return undefined
  if (text[close + 1] !== '(') return close + 1
  const end = text.indexOf(')', close)
  return end < 0 ? undefined : end + 1
}

/** Where the code ends that so many backticks open here: at as many of them, and not at more. */
function endOfCode(text: string, from: number, length: number): number | undefined {
  const runs = /`+/g
  runs.lastIndex = from + length
  for (let run = runs.exec(text); run; run = runs.exec(text)) {
    if (run[0].length === length) return runs.lastIndex
  }
  return undefined
}

const space = /[\s]|^$/
const letter = /[\p{L}\p{N}]/u

/** Where the first thing begins that may still change what stands behind it: an emphasis, a link, code without an end. */
function firstOpen(text: string): number {
  const open: { mark: string; at: number }[] = []
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] as string
    if (character === '\\') {
      // Before a line that is still to come it is a break.
      if (text.slice(at + 1).trim() === '') return Math.min(at, ...open.map((one) => one.at))
      at += 1
    } else if (character === '[') {
      const end = endOfBracket(text, at)
      if (end === undefined) return Math.min(at, ...open.map((one) => one.at))
      at = end - 1
    } else if ('`*_~'.includes(character)) {
      const mark = (/^(.)\1*/.exec(text.slice(at)) as RegExpExecArray)[0]
      const [before, after] = [text[at - 1] ?? '', text[at + mark.length] ?? '']
      if (character === '`') {
        const end = endOfCode(text, at, mark.length)
        if (end === undefined) return Math.min(at, ...open.map((one) => one.at))
        at = end - 1
        continue
      }
      const inWord = character === '_' && letter.test(before) && letter.test(after)
      const mayClose = !inWord && !space.test(before)
      const known = mayClose ? open.findLastIndex((one) => one.mark === mark) : -1
      if (known >= 0) open.length = known
      else if (!inWord && !space.test(after)) open.push({ mark, at })
      at += mark.length - 1
    }
  }
  return open[0]?.at ?? text.length
}

/** As much of a text that is still being written as will be shown the same however it goes on. */
export function settled(markdown: string): string {
  const { start, fenced } = lastBlock(markdown)
  if (fenced) return markdown.slice(0, markdown.lastIndexOf('\n') + 1)
  const block = markdown.slice(start)
  // A row may turn out to be the head of a table; and in code that is known by its indent no mark means anything.
  if (block.includes('|') || indented.test(block)) return markdown.slice(0, start)
  const words = upToSpace.exec(block)?.[0] ?? ''
  const sure = words.slice(0, firstOpen(words)).replace(onlyMark, '')
  return markdown.slice(0, start) + (fenceLine.test(sure.slice(sure.lastIndexOf('\n') + 1)) ? '' : sure)
}
