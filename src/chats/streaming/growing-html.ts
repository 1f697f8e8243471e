import { settled } from './settled.ts'

/** What is open at its end stays open for more. */
const unclosed = (html: string) => html.replace(/(?:<\/[a-z0-9]+>\s*)+$/, '')

/** A text that grows, as HTML that can only be added to: each time what is new of it. */
export function growingHtml() {
  let sent = ''
  let open = ''

  function added(html: string, closing: string): string | undefined {
    if (!html.startsWith(sent)) return undefined
    const more = html.slice(sent.length)
    sent = html
    open = closing
    return more
  }

  return {
    more(markdown: string, render: (markdown: string) => string): string {
      const whole = render(settled(markdown))
      const html = unclosed(whole)
      return added(html, whole.slice(html.length)) ?? ''
    },

    /** The last of it; nothing where the whole has to be shown anew, because its beginning has changed. */
    end: (html: string): string | undefined => added(html, ''),

    /** Closes what is open, where there will be no more of it. */
    close: () => open
  }
}
