import MarkdownIt, { type RendererRule, type StateCore, type Token } from 'markdown-it'
import { readCitation } from './citation.ts'
import { addressOf } from './link.ts'
import { sanitise } from './sanitise.ts'

export type Rendering = {
  /** Where the passage of this number stands; nothing where there is none. */
  citations: (n: number) => string | undefined
}

/** They show an address backwards, and nothing in an answer needs them. */
const overrides = /[\u202a-\u202e\u2066-\u2069]/g

const parser = new MarkdownIt({ html: false, linkify: false, typographer: false })
// What a line is must not depend on the next, for an answer is shown as it is written.
parser.disable(['html_block', 'html_inline', 'lheading', 'reference'])
parser.inline.ruler.before('link', 'citation', readCitation)
// Where a link may lead is decided below, where one that may not is left as its text.
parser.validateLink = () => true

const { escapeHtml } = parser.utils

const textOf = (tokens: Token[] | null): string =>
  (tokens ?? []).map(({ content, children }) => (children ? textOf(children) : content)).join('')

/** A link says where it leads, and one that may lead nowhere is left as its text. */
function markLinks(tokens: Token[], state: StateCore): Token[] {
  const marked: Token[] = []
  let link: { address: ReturnType<typeof addressOf>; from: number } | undefined
  for (const token of tokens) {
    if (token.type === 'link_open') {
      const address = addressOf(String(token.attrGet('href') ?? ''))
      link = { address, from: marked.length }
      if (!address) continue
      token.attrs = [
        ['href', address.href],
        ['rel', 'noopener noreferrer nofollow']
      ]
    }
    if (token.type === 'link_close') {
      if (!link?.address) continue
      const leadsTo = new state.Token('leads_to', 'bdi', 0)
      leadsTo.content = link.address.mark(textOf(marked.slice(link.from)))
      marked.push(leadsTo)
    }
    marked.push(token)
  }
  return marked
}

/** The page has headings of its own above these, and its styles in a file. */
function fitIntoPage(state: StateCore) {
  for (const token of state.tokens) {
    if (token.type.startsWith('heading_')) token.tag = `h${Math.min(6, Number(token.tag[1]) + 2)}`
    // A list stays the same when an empty line comes between its items.
    if (token.type.startsWith('paragraph_')) token.hidden = false
    if (token.type === 'th_open' || token.type === 'td_open') {
      const side = /^text-align:(\w+)$/.exec(String(token.attrGet('style') ?? ''))?.[1]
      token.attrs = side ? [['class', `align-${side}`]] : null
    }
    if (token.children) token.children = markLinks(token.children, state)
  }
}
parser.core.ruler.push('fit_into_page', fitIntoPage)

const shown =
  (show: (token: Token) => string): RendererRule =>
  (tokens, at) =>
    show(tokens[at] as Token)

/** Whoever reads by keyboard must be able to scroll what is wide. */
const code = shown(({ content, info }) => {
  const language = /^[a-z0-9+#.-]{1,20}(?=\s|$)/i.exec(info.trim())?.[0].toLowerCase()
  return `<pre tabindex="0"><code${language ? ` class="language-${language}"` : ''}>${escapeHtml(content)}</code></pre>\n`
})

Object.assign(parser.renderer.rules, {
  fence: code,
  code_block: code,
  image: shown(({ children }) => escapeHtml(textOf(children))),
  leads_to: shown(({ content }) => ` <bdi>${escapeHtml(content)}</bdi>`),
  table_open: () => '<div class="table"><table>\n',
  table_close: () => '</table></div>\n',
  citation: shown(
    ({ content, info }) =>
      `<a class="cite" href="${escapeHtml(info)}" aria-label="Source ${content}"><span>[</span>${content}<span>]</span></a>`
  )
})

/** Markdown that anybody or anything wrote, as HTML that a page may show. The first half of it will do as well. */
export function render(markdown: string, { citations }: Rendering): string {
  return sanitise(parser.render(markdown.replace(overrides, ''), { citations }))
}
