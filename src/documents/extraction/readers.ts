import type { Limits } from './limits.ts'
import { type Reader, startReader } from './reader.ts'

type Resting = { reader: Reader; desk: string; bedtime: NodeJS.Timeout }

/** The processes that read, started when there is something to read. None of them reads for two desks. */
export function keepReaders(program: string, limits: Limits) {
  const all = new Set<Reader>()
  const resting: Resting[] = []
  let closed = false

  async function dismiss(reader: Reader) {
    await reader.end()
    all.delete(reader)
  }

  function wake(at: number) {
    const [{ reader, bedtime }] = resting.splice(at, 1) as [Resting]
    clearTimeout(bedtime)
    return reader
  }

  async function take(desk: string): Promise<Reader> {
    const known = resting.findIndex((one) => one.desk === desk && one.reader.alive())
    if (known >= 0) return wake(known)
    if (all.size >= limits.atOnce && resting.length > 0) await dismiss(wake(0))
    if (closed) throw new Error('No more files are read.')
    const reader = startReader(program, limits)
    all.add(reader)
    return reader
  }

  async function rest(reader: Reader, desk: string) {
    if (closed || (await reader.tired())) return dismiss(reader)
    const bedtime = setTimeout(async () => {
      resting.splice(resting.indexOf(one), 1)
      await dismiss(reader)
    }, limits.idleMilliseconds).unref()
    const one = { reader, desk, bedtime }
    resting.push(one)
  }

  async function close() {
    closed = true
    for (const { bedtime } of resting.splice(0)) clearTimeout(bedtime)
    await Promise.all([...all].map(dismiss))
  }

  return { take, rest, close }
}
