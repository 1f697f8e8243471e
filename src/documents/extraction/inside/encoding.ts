import { isAscii, isUtf8 } from 'node:buffer'
import { analyse } from 'chardet'

const sample = 64 * 1024
const declaredWithin = 4096
const fewest = 2

/** The letters that these bytes are in an encoding that browsers know, if it is one. */
function decoded(bytes: Buffer, encoding: string): string | undefined {
  try {
    return new TextDecoder(encoding).decode(bytes)
  } catch {}
}

function byMark([first, second, third]: Buffer): string | undefined {
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  if (first === 0xfe && second === 0xff) return 'utf-16be'
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8'
}

/** UTF-16 without its mark: in most texts every second byte is nothing. */
function byEmptyBytes(bytes: Buffer): string | undefined {
  const empty = [0, 0] as [number, number]
  const some = bytes.subarray(0, sample)
  for (const [at, byte] of some.entries()) if (byte === 0) empty[(at % 2) as 0 | 1] += 1
  const [even, odd] = empty
  if (odd > some.length / 8 && even < odd / 8) return 'utf-16le'
  if (even > some.length / 8 && odd < even / 8) return 'utf-16be'
}

/** What a page says of itself in its first lines. */
function byDeclaration(bytes: Buffer): string | undefined {
  const start = bytes.toString('latin1', 0, declaredWithin)
  const declared = /<meta[^>]+charset\s*=\s*["']?([\w-]+)|<\?xml[^>]+encoding\s*=\s*["']([\w-]+)/i.exec(start)
  const encoding = (declared?.[1] ?? declared?.[2])?.toLowerCase()
  // It was read here as single bytes, so whatever it says, it is not UTF-16.
  return encoding?.startsWith('utf-16') ? 'utf-8' : encoding
}

const firstForeign = (bytes: Buffer) =>
  Math.max(
    0,
    bytes.findIndex((byte) => byte > 127)
  )

/** UTF-8 that was cut off in the middle of a letter, or a few bytes of which were hurt. */
function isHurtUtf8(bytes: Buffer): boolean {
  const first = firstForeign(bytes)
  let beyondAscii = 0
  let hurt = 0
  for (const [letter] of bytes.toString('utf8', first, first + sample).matchAll(/[^\0-\x7F]/gu)) {
    if (letter === '\uFFFD') hurt += 1
    else beyondAscii += 1
  }
  return hurt * 10 <= beyondAscii
}

/** What is likely, judged by what stands around the first letters that are not plain English ones. */
function byLikelihood(bytes: Buffer): string {
  const first = Math.max(0, firstForeign(bytes) - sample / 8)
  return analyse(bytes.subarray(first, first + sample))[0]?.name ?? 'windows-1252'
}

/** What happens to be good UTF-8 is nothing else, whatever it says of itself. */
function encodingOf(bytes: Buffer): string {
  if (isUtf8(bytes) && !isAscii(bytes)) return 'utf-8'
  return byDeclaration(bytes) ?? (isHurtUtf8(bytes) ? 'utf-8' : byLikelihood(bytes))
}

const seldom = /[\p{Cn}\p{Co}\p{Cs}\p{Cc}]/gu

/** Sounds and pictures have empty bytes as well, but what comes out of them is nothing that anybody writes. */
const looksWritten = (text: string) =>
  (text.slice(0, sample).replaceAll(/\s/g, '').match(seldom)?.length ?? 0) <= Math.min(text.length, sample) / 50

const isText = (text: string) => {
  const some = text.slice(0, sample)
  const controls = some.match(/[\0-\x08\x0E-\x1A\x1C-\x1F]/g)?.length ?? 0
  return !some.includes('\0') && controls <= fewest + some.length / 100
}

/** The text of a file, in whichever encoding it was written; nothing where it is not text at all. */
export function decode(bytes: Buffer): string | undefined {
  const marked = byMark(bytes)
  const wide = marked ? undefined : byEmptyBytes(bytes)
  const encoding = marked ?? wide ?? encodingOf(bytes)
  const text = decoded(bytes, encoding) ?? decoded(bytes, 'windows-1252') ?? ''
  return isText(text) && (!wide || looksWritten(text)) ? text : undefined
}
