import MarkdownIt from 'markdown-it'
import type { Level } from '../../format.ts'
import type { Limits } from '../../limits.ts'
import { linesOf } from '../lines.ts'
import { type Output, titled } from '../output.ts'
import type { Found } from '../read-file.ts'
import { readHtml } from './html.ts'

const markdown = new MarkdownIt({ html: true })
const frontMatter = /^---[ \t]*\r?\n([\s\S]{0,20000}?)\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|$)/

type Token = ReturnType<typeof markdown.parse>[number]

/** What a line shows: words and code, a picture's description, nothing of its marks. */
function words(tokens: Token[] | null): string {
  let text = ''
  for (const { type, content, children } of tokens ?? []) {
    if (type === 'image') text += words(children)
    else if (type === 'text' || type === 'code_inline') text += content
    else if (type === 'softbreak' || type === 'hardbreak' || content === '<br>') text += ' '
  }
  return text
}

/** Headings, paragraphs, items and rows. HTML in it is read as HTML is; code stands line by line. */
export function readMd(source: string, output: Output, limits: Limits): Found {
  const head = frontMatter.exec(source)
  let title = /^title:[ \t]*["']?(.*?)["']?[ \t]*$/m.exec(head?.[1] ?? '')?.[1]
  let heading: Level | undefined
  let cells: string[] | undefined

  for (const { type, tag, content, children } of markdown.parse(source.slice(head?.[0].length ?? 0), {})) {
    if (type === 'heading_open') heading = Number(tag.slice(1)) as Level
    else if (type === 'tr_open') cells = []
    else if (type === 'inline' && cells) cells.push(words(children))
    else if (type === 'inline') {
      const text = words(children)
      if (heading === 1) title ??= text
      output.block(text, { heading })
    } else if (type === 'heading_close') heading = undefined
    else if (type === 'tr_close' && cells) {
      output.row(cells)
      cells = undefined
    } else if (type === 'fence' || type === 'code_block') for (const line of linesOf(content)) output.block(line)
    else if (type === 'html_block') readHtml(content, output, limits)
  }
  return titled(title)
}
