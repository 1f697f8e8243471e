import type { OpenApi } from './openapi.ts'

export type Common = { status: string; description: string }

/** So many routes answer it in the same words that it is explained once, for all of them. */
const nearlyEverywhere = 8

/** What is answered in the same words by many routes, apart from what they are for. */
export function commonOf({ paths }: OpenApi): Common[] {
  const found = new Map<string, Common & { times: number }>()
  for (const { responses } of Object.values(paths).flatMap((path) => Object.values(path))) {
    for (const [status, { description }] of Object.entries(responses)) {
      const key = `${status} ${description}`
      const { times = 0 } = found.get(key) ?? {}
      found.set(key, { status, description, times: times + 1 })
    }
  }
  return [...found.values()]
    .filter(({ status, times }) => times >= nearlyEverywhere && !status.startsWith('2'))
    .sort((a, b) => a.status.localeCompare(b.status) || b.times - a.times)
}
