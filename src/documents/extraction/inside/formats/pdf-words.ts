const noSpaceBetween = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}。、，！？」』]$/u
const broken = /(\p{L}+)[-‐]$/u
const beginning = /^\p{Ll}+/u
const compound = /\p{L}+-\p{Ll}+/gu
const mostRemembered = 20_000

/** Joins the lines of a paragraph, and mends words broken between them unless they are written with a hyphen anyway. */
export function wordJoiner() {
  const compounds = new Set<string>()

  function remember(text: string) {
    if (compounds.size < mostRemembered) for (const [word] of text.matchAll(compound)) compounds.add(word.toLowerCase())
  }

  function join(text: string, more: string): string {
    const [, half] = broken.exec(text.slice(-100)) ?? []
    const rest = beginning.exec(more)?.[0]
    if (!half || !rest) return noSpaceBetween.test(text.slice(-2)) ? text + more : `${text} ${more}`
    return compounds.has(`${half}-${rest}`.toLowerCase()) ? text + more : text.slice(0, -1) + more
  }

  return { remember, join }
}
