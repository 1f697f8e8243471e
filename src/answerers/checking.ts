import { asMarkdown } from '../chats/as-markdown.ts'
import type { Piece, Source } from './answerer.ts'
import { citationAt, citedBehind, mayBecomeCitation } from './citations.ts'
import { storedTexts } from './stored-text.ts'

/** Space belongs to what follows it, so that a citation that is taken out takes it along. */
const notable = /(?<![ \t])[ \t]*[[【]|["“„«‟”»]|`+|(?<![ \t])[ \t]+$/
const closers: Record<string, string> = { '"': '"', '“': '”', '„': '“”', '«': '»', '‟': '”' }
const blankLine = /\n[ \t]*\n/
const longestQuote = 1200

/**
 * Reads an answer as it is written, in whatever bits it comes, and lets through only what will stand: citations of
 * passages that there are, and as quotes only what is stored so. What cannot be told yet is held back.
 */
export function checking(sources: Source[]) {
  const stored = storedTexts(sources)
  const known = new Set(sources.map(({ n }) => n))
  const cited = new Set<number>()
  let held = ''
  /** The last that went through, enough of it to see a blank line and what a mark follows. */
  let before = ''
  /** The backticks that opened the code in which the text is. */
  let fence = ''
  /** What would close a quote that was none, and goes with its opening. */
  let orphan = ''

  function take(length: number, shown = held.slice(0, length)): string {
    held = held.slice(length)
    if (blankLine.test(before + shown)) orphan = ''
    before = (before + shown).slice(-8).replace(/^[\s\S]*\n(?=[^\n]*$)/, '\n')
    return shown
  }

  function cite(numbers: number[]): string {
    const kept = [...new Set(numbers)].filter((n) => known.has(n))
    for (const n of kept) cited.add(n)
    return kept.map((n) => `[${n}]`).join('')
  }

  /** In code nothing is a citation or a quote. A blank line ends what was opened by fewer than three backticks. */
  function code(over: boolean): string | undefined {
    const end = new RegExp(`(?<!\`)${fence}(?!\`)`).exec(held)
    const paragraph = fence.length < 3 ? held.search(blankLine) : -1
    if (paragraph >= 0 && !(end && end.index < paragraph)) {
      fence = ''
      return take(paragraph)
    }
    const length = end ? end.index + fence.length : held.length
    if (end && (over || length < held.length)) {
      fence = ''
      return take(length)
    }
    const sure = over ? held.length : held.replace(/[`\s]+$/, '').length
    return sure > 0 ? take(sure) : undefined
  }

  function bracket(over: boolean): string | undefined {
    const citation = citationAt(held)
    if (citation && !before.endsWith('\\')) {
      const kept = cite(citation.numbers)
      return take(citation.length, kept && `${citation.space}${kept}`)
    }
    if (mayBecomeCitation(held)) {
      if (!over) return undefined
      if (/\d/.test(held)) return take(held.length, '')
    }
    return take(held.search(/[[【]/) + 1)
  }

  function unquote(mark: string): string {
    orphan = closers[mark] ?? ''
    return take(1, '')
  }

  function quote(over: boolean): string | Piece | undefined {
    const mark = held.charAt(0)
    if (orphan.includes(mark)) {
      orphan = ''
      return take(1, '')
    }
    const inWord = mark === '"' && /[^\s([{—–-]$/.test(before)
    if (inWord || !closers[mark] || /^"\s/.test(held)) return take(1)
    if (held.length === 1) return over ? take(1) : undefined

    const near = held.slice(0, longestQuote + 2)
    const ends = [...closers[mark]].map((closer) => near.indexOf(closer, 1)).filter((at) => at > 0)
    const end = Math.min(...ends)
    const inside = near.slice(1, end)
    if (inside.length > longestQuote || blankLine.test(inside)) return unquote(mark)
    if (ends.length === 0) return over || !stored.begins(inside) ? unquote(mark) : undefined

    const behind = citedBehind(held.slice(end + 1))
    if (!behind.sure && !over) return undefined
    const found = stored.find(inside, behind.numbers)
    if (!found) return unquote(mark)

    const { n } = found.source
    const follows = held.charAt(end + 1)
    const ended = /[.,;:!?]$/
    const ending = ended.test(found.quote) || ended.test(follows) ? '' : (ended.exec(inside.trim())?.[0] ?? '')
    const [opening, closing] = mark === '"' ? ['“', '”'] : [mark, held.charAt(end)]
    const credit = behind.numbers.includes(n) ? '' : ` ${cite([n])}`
    const text = `${opening}${asMarkdown(found.quote)}${closing}${credit}${ending}`
    take(end + 1, text)
    return { kind: 'quote', n, quote: found.quote, text }
  }

  function step(over: boolean): string | Piece | undefined {
    if (fence) return code(over)
    const found = notable.exec(held)
    if (!found || found.index > 0) return take(found ? found.index : held.length)
    const [what] = found
    if (/[[【]$/.test(what)) return bracket(over)
    if (/^[ \t]/.test(what)) return over ? take(held.length) : undefined
    if (!what.startsWith('`')) return quote(over)
    if (what.length === held.length && !over) return undefined
    fence = what
    return take(what.length)
  }

  function read(over: boolean): Piece[] {
    const pieces: Piece[] = []
    while (held) {
      const read = step(over)
      if (read === undefined) break
      const last = pieces.at(-1)
      if (typeof read !== 'string') pieces.push(read)
      else if (last?.kind === 'text') last.text += read
      else if (read) pieces.push({ kind: 'text', text: read })
    }
    return pieces
  }

  return {
    cited: () => [...cited],
    next(text: string): Piece[] {
      held += text
      return read(false)
    },
    end: (): Piece[] => read(true)
  }
}
