import { randomBytes } from 'node:crypto'
import { availableParallelism } from 'node:os'
import argon2 from 'argon2'
import { Busy } from '../errors.ts'
import { yieldToPages } from './yield-to-pages.ts'

const passes = 3
const lanes = 4
const longestQueue = 32

const unpadded = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '')

/**
 * Passwords through argon2id, only as many at once as there are processors for their lanes, and a short queue behind
 * them, so that a rush of sign-ins neither fills the memory nor slows the pages down.
 */
export function passwordHashing(memoryMb: number, atOnce = Math.max(1, Math.floor(availableParallelism() / lanes))) {
  const cost = { type: argon2.argon2id as 2, memoryCost: memoryMb * 1024, timeCost: passes, parallelism: lanes }
  const waiting: (() => void)[] = []
  let yielded = false
  let running = 0

  /** The threads are there once the first hash has been handed to them. */
  function yieldOnce() {
    if (!yielded) yieldToPages()
    yielded = true
  }

  async function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    if (running >= atOnce) {
      if (waiting.length >= longestQueue) throw new Busy({ retryAfter: 5 })
      await new Promise<void>((resolve) => waiting.push(resolve))
    } else running += 1
    const done = work()
    yieldOnce()
    try {
      return await done
    } finally {
      const next = waiting.shift()
      if (next) next()
      else running -= 1
    }
  }

  // Nobody's hash, so that a sign-in for an unknown account takes as long as any other.
  const salt = unpadded(randomBytes(16))
  const nobodys = `$argon2id$v=19$m=${cost.memoryCost},t=${passes},p=${lanes}$${salt}$${unpadded(randomBytes(32))}`

  return {
    hash: (password: string) => inTurn(() => argon2.hash(password, cost)),
    async verify(hash: string | null | undefined, password: string): Promise<boolean> {
      const right = await inTurn(() => argon2.verify(hash ?? nobodys, password))
      return right && Boolean(hash)
    },
    /** True when the settings have risen since this hash was made. */
    outdated(hash: string): boolean {
      const spent = (name: string) => Number(new RegExp(`[$,]${name}=(\\d+)`).exec(hash)?.[1] ?? 0)
      return spent('m') < cost.memoryCost || spent('t') < passes
    }
  }
}

export type Hashing = ReturnType<typeof passwordHashing>
