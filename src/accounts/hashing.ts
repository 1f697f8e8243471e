import { randomBytes } from 'node:crypto'
import { availableParallelism } from 'node:os'
import argon2 from 'argon2'
import { fairTurns } from './turns.ts'
import { yieldToPages } from './yield-to-pages.ts'

const passes = 3
const lanes = 4
/** In KiB; argon2 takes no less for so many lanes. */
const leastMemory = 8 * lanes
const longestQueue = 32

const unpadded = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '')

/**
 * Passwords through argon2id, only as many at once as there are processors for their lanes, in fair turns, so that a
 * rush of sign-ins neither fills the memory nor slows the pages down. `whom` is who waits: a network, or nobody.
 */
export function passwordHashing(memoryMb: number, atOnce = Math.max(1, Math.floor(availableParallelism() / lanes))) {
  const cost = { type: argon2.argon2id as 2, memoryCost: memoryMb * 1024, timeCost: passes, parallelism: lanes }
  const inTurn = fairTurns(atOnce, longestQueue)
  let yielded = false

  /** The threads are there once the first hash has been handed to them. */
  function inBackground<Result>(done: Promise<Result>): Promise<Result> {
    if (!yielded) yieldToPages()
    yielded = true
    return done
  }

  // Nobody's hash, so that a sign-in for an unknown account takes as long as any other.
  const salt = unpadded(randomBytes(16))
  const nobodys = `$argon2id$v=19$m=${cost.memoryCost},t=${passes},p=${lanes}$${salt}$${unpadded(randomBytes(32))}`

  const spent = (hash: string, what: 'm' | 't') => Number(new RegExp(`[$,]${what}=(\\d+)`).exec(hash)?.[1] ?? 0)

  /** True when the settings have risen since this hash was made. */
  const outdated = (hash: string) => spent(hash, 'm') < cost.memoryCost || spent(hash, 't') < passes

  /** For a hash that was cheaper the rest of today's cost is spent as well, or its time would tell that it is there. */
  async function look(hash: string | null | undefined, password: string): Promise<boolean> {
    const right = await argon2.verify(hash ?? nobodys, password)
    const missing = hash ? cost.memoryCost - spent(hash, 'm') : 0
    if (missing >= leastMemory) await argon2.hash(password, { ...cost, memoryCost: missing })
    return right && Boolean(hash)
  }

  return {
    outdated,
    hash: (password: string, whom = '') => inTurn(whom, () => inBackground(argon2.hash(password, cost))),
    verify: (hash: string | null | undefined, password: string, whom = '') =>
      inTurn(whom, () => inBackground(look(hash, password)))
  }
}

export type Hashing = ReturnType<typeof passwordHashing>
