const mb = 1024 * 1024

/** How much of one file is taken, and how much it may cost. */
export const usual = {
  /** How many files are read at once, each in a process of its own. */
  atOnce: 1,
  milliseconds: 60_000,
  /** Everything the process keeps in memory, itself included, which is about 70 MB. */
  memory: 512 * mb,
  fileBytes: 200 * mb,
  unpackedBytes: 200 * mb,
  entries: 10_000,
  pages: 5_000,
  characters: 20_000_000,
  blocks: 500_000,
  /** How deep elements stand in one another. */
  depth: 5_000,
  /** After so many files, or so long without one, a process ends. */
  filesPerProcess: 50,
  idleMilliseconds: 30_000
}

export type Limits = typeof usual

/** Nothing that is shown or searched is longer; what is longer is cut between sentences. */
export const longestBlock = 10_000
export const longestTitle = 300
export const longestTrace = 2_000
/** What a process may say at once, in bytes: some blocks of the longest sort. */
export const longestFrame = 512 * 1024
