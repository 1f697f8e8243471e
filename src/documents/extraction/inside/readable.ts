import { isProbablyReaderable, Readability } from '@mozilla/readability'
import { parseHTML } from 'linkedom'
import { defaultTreeAdapter, parse, serialize } from 'parse5'

const deepest = 500
const mostElements = 100_000
const longestAttribute = 10_000
const leastKept = 2 / 3

/**
 * Browsers nest no deeper than this either. A page of more elements is no article and would take minutes to weigh, and
 * an attribute of this length holds a whole picture, or is there to be slow.
 */
function bounded(): typeof defaultTreeAdapter {
  let depth = 0
  let elements = 0
  return {
    ...defaultTreeAdapter,
    createElement(name, namespace, attributes) {
      elements += 1
      if (elements > mostElements) throw new Error('more elements than an article has')
      const kept = attributes.filter(({ value }) => value.length <= longestAttribute)
      return defaultTreeAdapter.createElement(name, namespace, kept)
    },
    onItemPush() {
      depth += 1
      if (depth > deepest) throw new Error('nested deeper than a browser does')
    },
    onItemPop() {
      depth -= 1
    }
  }
}

/** The document, with every tag written out first that its author left to the browser, for linkedom adds none. */
function documentOf(html: string, url: string) {
  const { document } = parseHTML(serialize(parse(html, { treeAdapter: bounded() })))
  const base = document.querySelector('base')?.getAttribute('href') ?? ''
  Object.defineProperty(document, 'documentURI', { value: url })
  Object.defineProperty(document, 'baseURI', { value: URL.parse(base, url)?.href ?? url })
  return document
}

const beside = ['A', 'ASIDE', 'BUTTON', 'FOOTER', 'FORM', 'HEADER', 'NAV', 'NOSCRIPT', 'SCRIPT', 'STYLE', 'TEMPLATE']

/** The little of a document's parts that is looked at here. */
type Part = { nodeType: number; nodeName: string; textContent: string | null; childNodes: Iterable<Part> }
type Article = Part & { innerHTML: string }
const text = 3

/** How many characters there are to be read, leaving out links and whatever says of itself that it stands beside. */
function toRead(part: Part): number {
  if (part.nodeType === text) return part.textContent?.trim().length ?? 0
  if (beside.includes(part.nodeName)) return 0
  return Array.from(part.childNodes).reduce((sum, child) => sum + toRead(child), 0)
}

function articleOf(document: ReturnType<typeof documentOf>) {
  if (!isProbablyReaderable(document)) return undefined
  const whole = toRead(document.body)
  const article = new Readability<Article>(document, { serializer: (element) => element }).parse()
  if (!article?.content || toRead(article.content) < whole * leastKept) return undefined
  const title = article.title?.trim()
  return { ...(title && { title }), html: article.content.innerHTML }
}

/**
 * The article of a web page without what stands around it, its links made whole. Nothing if the page has no article, or
 * if much of the page would be lost with the rest, as of one that is a list of short texts: what is lost is never found.
 * The markup is still its author's, and not to be shown to anybody as it is.
 */
export function readableFrom(html: string, url: string): { title?: string; html: string } | undefined {
  try {
    return articleOf(documentOf(html, url))
  } catch {
    // A page that these libraries stumble over can still be read whole.
    return undefined
  }
}
