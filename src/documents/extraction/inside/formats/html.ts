import { Parser } from 'htmlparser2'
import type { Level } from '../../format.ts'
import type { Limits } from '../../limits.ts'
import { Unreadable } from '../../unreadable.ts'
import { linesOf, paragraphsOf } from '../lines.ts'
import { type Output, titled } from '../output.ts'
import type { Found } from '../read-file.ts'
import { openTables } from './html-tables.ts'

const notText = new Set(
  'script style template noscript nav svg math iframe object audio video canvas select button textarea'.split(' ')
)
const inline = new Set(
  (
    'a abbr acronym b bdi bdo big cite code data del dfn em font i img input ins kbd label mark q rb ruby s samp small ' +
    'span strike strong sub sup time tt u var wbr'
  ).split(' ')
)
const hiding = /display\s*:\s*none|visibility\s*:\s*hidden/i
const portion = 64 * 1024

type Attributes = Record<string, string>

const levelOf = (name: string) => (/^h[1-6]$/.test(name) ? (Number(name[1]) as Level) : undefined)
const isHidden = ({ hidden, style }: Attributes) => hidden !== undefined || (style !== undefined && hiding.test(style))

/** Headings, paragraphs, items and rows as a person sees them; what only steers or is hidden is left out. */
export function readHtml(source: string, output: Output, limits: Limits): Found {
  const tables = openTables(output)
  let title: string | undefined
  let inTitle = false
  let lines = ['']
  let heading: Level | undefined
  let asWritten = 0
  let depth = 0
  let leftOutFrom = Number.POSITIVE_INFINITY

  function flush() {
    const written = lines.filter((line) => /\S/.test(line))
    lines = ['']
    if (written.length === 0) return
    if (heading) tables.heading(written.join(' '), heading)
    else tables.paragraphs(asWritten > 0 ? written : [...paragraphsOf(written)])
  }

  /** Two of them in a row are how many a letter begins a new paragraph. */
  function breakLine() {
    if (/\S/.test(lines.at(-1) ?? '')) lines.push('')
    else flush()
  }

  function take(text: string) {
    const [first = '', ...others] = asWritten > 0 ? linesOf(text) : [text]
    lines[lines.length - 1] += first
    lines.push(...others)
  }

  function open(name: string, attributes: Attributes) {
    if (name === 'title') inTitle = title === undefined
    if (name === 'br') breakLine()
    else if (!inline.has(name)) {
      flush()
      tables.open(name, attributes.role)
      heading = levelOf(name) ?? heading
      if (name === 'pre') asWritten += 1
    }
  }

  function close(name: string) {
    if (name === 'title') inTitle = false
    if (name === 'br' || inline.has(name)) return
    flush()
    tables.close(name)
    if (levelOf(name)) heading = undefined
    if (name === 'pre') asWritten -= 1
  }

  const parser = new Parser({
    onopentag(name, attributes) {
      depth += 1
      if (depth > limits.depth) throw new Unreadable('depth')
      if (depth < leftOutFrom && (notText.has(name) || isHidden(attributes))) leftOutFrom = depth
      if (depth < leftOutFrom) open(name, attributes)
    },
    onclosetag(name) {
      if (depth < leftOutFrom) close(name)
      if (depth === leftOutFrom) leftOutFrom = Number.POSITIVE_INFINITY
      depth -= 1
    },
    ontext(text) {
      if (inTitle) title = (title ?? '') + text
      else if (depth < leftOutFrom) take(text)
    }
  })
  for (let at = 0; at < source.length; at += portion) parser.write(source.slice(at, at + portion))
  parser.end()
  flush()
  return titled(title)
}
