const longest = 2048
const rounds = 5

/** A path without any encoding left in it; undefined where it is encoded wrongly, or too often to be meant well. */
function decoded(path: string): string | undefined {
  let plain = path
  for (let round = 0; round < rounds; round += 1) {
    try {
      const further = decodeURIComponent(plain)
      if (further === plain) return plain
      plain = further
    } catch {
      return undefined
    }
  }
  return undefined
}

/** A path on this server to go on to, or undefined: never another site, however it is written. */
export function nextPath(given: unknown): string | undefined {
  if (
    typeof given !== 'string' ||
    given.length > longest ||
    !given.startsWith('/') ||
    /[\p{Cc}\p{Cs}\\\s]/u.test(given)
  )
    return undefined
  const plain = decoded(given.split(/[?#]/, 1)[0] as string)
  if (plain === undefined || plain.includes('//') || /[\p{Cc}\\]/u.test(plain)) return undefined
  const here = 'http://here.invalid'
  const url = URL.canParse(given, here) ? new URL(given, here) : undefined
  if (url?.origin !== here || url.pathname.startsWith('//')) return undefined
  return url.pathname + url.search + url.hash
}
