/** `[2]`, and what models make of it: `[1, 3]`, `[2-4]`, `[^2]`, `【2†source】`; with the space before it. */
const whole = /^([ \t]*)[[【]\^?\s*(\d{1,4}(?:\s*[,;–-]\s*\^?\d{1,4})*)\s*(?:†[^\]】\n]{0,60})?[\]】]/
const half = /^[ \t]*[[【]\^?\s*(?:\d{1,4}(?:\s*[,;–-]\s*\^?\d{0,4})*\s*(?:†[^\]】\n]{0,60})?)?$/
const longestHalf = 100

function numbersOf(list: string): number[] {
  return list.split(/[,;]/).flatMap((part) => {
    const [first = 0, last = first] = [...part.matchAll(/\d+/g)].map(Number)
    return Array.from({ length: Math.min(20, Math.max(1, last - first + 1)) }, (_, step) => first + step)
  })
}

/** The citation that a text begins with, and the numbers in it. */
export function citationAt(text: string): { length: number; space: string; numbers: number[] } | undefined {
  const [found, space = '', list = ''] = whole.exec(text) ?? []
  return found ? { length: found.length, space, numbers: numbersOf(list) } : undefined
}

/** Whether a text may turn out to be a citation once more of it has come. */
export const mayBecomeCitation = (text: string) => text.length < longestHalf && half.test(text)

/** The numbers cited right behind a quote, and whether no more of them can come. */
export function citedBehind(text: string): { numbers: number[]; sure: boolean } {
  let rest = text.replace(/^[.,;:!?]/, '')
  const numbers: number[] = []
  for (let found = citationAt(rest); found; found = citationAt(rest)) {
    numbers.push(...found.numbers)
    rest = rest.slice(found.length)
  }
  return { numbers, sure: /[^ \t]/.test(rest) && !mayBecomeCitation(rest) }
}
