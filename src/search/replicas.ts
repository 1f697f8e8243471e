import { randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../config.ts'
import { AlreadyServing, holdLock } from '../database/lock.ts'

type Replica = { folder: string; release: () => void }
/** Its `release` is missing where a process has it to itself. */
export type IndexFolder = { folder: string; release: Replica['release'] | undefined }

const longestClaim = 10_000
const claims = 'claims.lock'
const owner = 'owner.lock'

/** Beside the indexes in a folder there is only what says whose they are. */
export const isOwnFile = (entry: string) => entry.startsWith(claims) || entry.startsWith(owner)

const indexesOf = ({ dataDir }: Config) => join(dataDir, 'indexes')

/** Does this while no other process claims or removes a replica; undefined where one does, and that takes too long. */
function alone<Result>(folder: string, timeout: number, work: () => Result): Result | undefined {
  const done = holdLock(join(folder, claims), timeout)
  try {
    return done && work()
  } finally {
    done?.()
  }
}

/** Each folder of indexes below this one. */
function* replicasIn(folder: string): Generator<IndexFolder> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue
    const replica = join(folder, entry.name)
    yield { folder: replica, release: holdLock(join(replica, owner)) }
  }
}

function remove({ folder, release }: Replica) {
  release()
  rmSync(folder, { recursive: true, force: true })
}

function newReplica(folder: string): Replica {
  const replica = join(folder, randomBytes(8).toString('hex'))
  mkdirSync(replica, { mode: 0o700 })
  return { folder: replica, release: holdLock(join(replica, owner)) as Replica['release'] }
}

/** The first that nobody has is taken over; what the others have left behind might hold what was deleted since. */
function claim(folder: string): Replica {
  const free = [...replicasIn(folder)].filter((one): one is Replica => one.release !== undefined)
  const [mine, ...others] = free
  for (const other of others) remove(other)
  for (const { name } of readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile()))
    if (name !== claims) rmSync(join(folder, name), { force: true })
  return mine ?? newReplica(folder)
}

/**
 * Where this process keeps its indexes. With SQLite there is one process, and they lie in the folder itself; processes
 * that share a PostgreSQL have a replica each, because a file may only change behind the back of nobody.
 */
export function claimIndexes(config: Config): Replica {
  const folder = indexesOf(config)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (!config.databaseUrl) return { folder, release: () => {} }
  const mine = alone(folder, longestClaim, () => claim(folder))
  if (mine) return mine
  throw new AlreadyServing(`Another Carrel takes very long to claim its indexes in ${folder}.`)
}

/** Removes what processes that are gone have left behind. */
export function sweepReplicas(config: Config) {
  if (!config.databaseUrl) return
  const folder = indexesOf(config)
  alone(folder, 0, () => {
    for (const { folder: replica, release } of replicasIn(folder)) if (release) remove({ folder: replica, release })
  })
}

/** Every folder of indexes. With PostgreSQL those that no process has are held until their release. */
export function indexFolders(config: Config): IndexFolder[] {
  const folder = indexesOf(config)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (config.databaseUrl) return alone(folder, longestClaim, () => [...replicasIn(folder)]) ?? []
  return [{ folder, release: () => {} }]
}
