const longest = 2048

function decoded(text: string): string | undefined {
  let now = text
  for (let round = 0; round < 5; round += 1) {
    try {
      const further = decodeURIComponent(now)
      if (further === now) return now
      now = further
    } catch {
      return undefined
    }
  }
  return undefined
}

/** A path on this server to go on to, or undefined: never another site, however it is written. */
export function nextPath(given: string | undefined): string | undefined {
  if (!given || given.length > longest || !given.startsWith('/')) return undefined
  const plain = decoded(given)
  if (plain === undefined || /[\p{Cc}\p{Cs}\\\s]/u.test(given) || /[\p{Cc}\\]/u.test(plain)) return undefined
  if (/^\/{2}/.test(plain)) return undefined
  const here = 'http://here.invalid'
  const url = URL.canParse(given, here) ? new URL(given, here) : undefined
  if (url?.origin !== here || url.pathname.startsWith('//')) return undefined
  return url.pathname + url.search + url.hash
}
