const longest = 2000

const webMark =
  ({ href, host }: URL) =>
  (text: string) => {
    const said = text.trim().replace(/\/$/, '')
    const shown = [href, href.replace(/^https?:\/\//, ''), host].map((own) => own.replace(/\/$/, ''))
    return shown.includes(said) ? '↗' : `(${host} ↗)`
  }

const letterMark = (mailbox: string) => (text: string) => (text.trim() === mailbox ? '↗' : `(${mailbox} ↗)`)

/** Where a link leads and the words that say so, for a whole web address or a mail address; nothing for any other. */
export function addressOf(link: string): { href: string; mark: (text: string) => string } | undefined {
  const url = link.length <= longest ? URL.parse(link) : null
  if (!url) return undefined
  if (url.protocol === 'mailto:') {
    const mailbox = url.pathname
    return /^[^\s@,;]+@[^\s@,;]+$/.test(mailbox) ? { href: url.href, mark: letterMark(mailbox) } : undefined
  }
  if (!/^https?:\/\//i.test(link) || !url.host) return undefined
  return { href: url.href, mark: webMark(url) }
}
