const window = 10 * 1000

/** Says yes to the first of each kind in ten seconds: writing every one down would help whoever floods us. */
export function oncePerWindow() {
  const seen = new Set<string>()
  let since = 0
  return (kind: string): boolean => {
    if (Date.now() - since > window) {
      seen.clear()
      since = Date.now()
    }
    const first = !seen.has(kind)
    seen.add(kind)
    return first
  }
}
