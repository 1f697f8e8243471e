import type { StateInline } from 'markdown-it'

const numbered = /\[(\d{1,4})\]/y

/** `[3]` leads to passage 3, whatever follows it: no text may turn a citation into another link. */
export function readCitation(state: StateInline, silent: boolean): boolean {
  numbered.lastIndex = state.pos
  const n = numbered.exec(state.src)?.[1]
  const end = numbered.lastIndex
  if (!n || end > state.posMax) return false
  const citations = state.env.citations as (n: number) => string | undefined
  const href = citations(Number(n))
  if (!href) return false
  if (!silent) {
    const token = state.push('citation', '', 0)
    token.content = n
    token.info = href
  }
  state.pos = end
  return true
}
