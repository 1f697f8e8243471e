import { createHash, randomBytes } from 'node:crypto'

let lastMoment = 0
let counter = 0

/** A UUIDv7: sorts by the time it was made, also within one millisecond of this process. */
export function newId(now = Date.now()): string {
  if (now > lastMoment) {
    lastMoment = now
    counter = randomBytes(2).readUInt16BE() & 0x7ff
  } else if (++counter > 0xfff) {
    lastMoment += 1
    counter = 0
  }
  const time = lastMoment.toString(16).padStart(12, '0')
  const tail = randomBytes(8)
  tail[0] = (tail[0] as number & 0x3f) | 0x80
  const rest = tail.toString('hex')
  const order = counter.toString(16).padStart(3, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${order}-${rest.slice(0, 4)}-${rest.slice(4)}`
}

/** 32 random bytes to hand out once; only `hashToken` of it is kept. */
export const newToken = () => randomBytes(32).toString('base64url')

export const hashToken = (token: string) => createHash('sha256').update(token).digest('base64url')
