import { type DefaultTreeAdapterTypes, defaultTreeAdapter, parseFragment } from 'parse5'

type Node = DefaultTreeAdapterTypes.Node
export type Element = DefaultTreeAdapterTypes.Element

/** The elements of a fragment, as a browser would read it. */
export function elementsOf(html: string): Element[] {
  const found: Element[] = []
  const walk = (node: Node) => {
    if (defaultTreeAdapter.isElementNode(node)) found.push(node)
    if ('childNodes' in node) for (const child of node.childNodes) walk(child)
    if ('content' in node) walk(node.content)
  }
  walk(parseFragment(html))
  return found
}

/** What a reader sees of an element. */
export function textIn(node: Node): string {
  if (defaultTreeAdapter.isTextNode(node)) return node.value
  return 'childNodes' in node ? node.childNodes.map(textIn).join('') : ''
}

export const textOf = (html: string): string => textIn(parseFragment(html))

export const attributesOf = ({ attrs }: Element) => Object.fromEntries(attrs.map(({ name, value }) => [name, value]))
