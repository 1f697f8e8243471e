import { randomInt } from 'node:crypto'
import { crc32 } from 'node:zlib'

const prefix = 'crl_'
const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
/** 178 bits. */
const secretLength = 30
const checksumLength = 6

const shape = new RegExp(`^${prefix}[0-9A-Za-z]{${secretLength + checksumLength}}$`)

function checksumOf(secret: string): string {
  let rest = crc32(secret)
  let text = ''
  for (let place = 0; place < checksumLength; place += 1) {
    text = alphabet.charAt(rest % alphabet.length) + text
    rest = Math.floor(rest / alphabet.length)
  }
  return text
}

/** A key to hand out once; only its hash is kept. It ends with a checksum, by which a leaked one can be told from text. */
export function newKey(): string {
  const secret = Array.from({ length: secretLength }, () => alphabet.charAt(randomInt(alphabet.length))).join('')
  return prefix + secret + checksumOf(secret)
}

/** Whether it could be one at all: what was mistyped or cut off need not be looked for. */
export function couldBeKey(text: string): boolean {
  const secret = text.slice(prefix.length, -checksumLength)
  return shape.test(text) && text.endsWith(checksumOf(secret))
}

export const looksLikeKey = (text: string) => text.startsWith(prefix)
