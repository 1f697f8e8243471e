// A program that stands in for the one that reads files, and does what a file that has taken it over might do. What it
// is to do is the name of the file. It is nothing that the server can be made to start.
import { writeSync } from 'node:fs'
import { lock } from '../../../../src/documents/extraction/inside/lock.ts'

lock()
const { hear, say } = await import('../../../../src/documents/extraction/inside/speak.ts')
const { attempts } = await import('./attempts.ts')

type Task = { name: string; size: number }

const megabytes = 1024 * 1024
const kept: unknown[] = []

function nextTask(): Task | undefined {
  const length = hear(4)
  const task = length && hear(length.readUInt32BE())
  if (!task) return
  const { name, size } = JSON.parse(task.toString())
  if (name === 'hang without listening') deeds.hang?.()
  hear(size)
  return { name, size }
}

async function attempted(attempt: () => unknown): Promise<string> {
  try {
    return String(await attempt())
  } catch (error) {
    return `refused: ${error}`
  }
}

const deeds: Record<string, () => unknown> = {
  hang() {
    for (;;) kept.length = 0
  },
  devour() {
    for (;;) kept.push(Buffer.alloc(8 * megabytes, 1))
  },
  'devour the heap'() {
    for (;;) kept.push(Array.from({ length: 10_000 }, (_, at) => ({ at })))
  },
  crash() {
    throw new Error('as if a parser had thrown beyond our reach')
  },
  mumble: () => writeSync(3, 'no frame at all, only a very long line of something else'),
  boast: () => writeSync(3, Buffer.from('7FFFFFFF', 'hex')),
  'break the form': () => say({ blocks: [{ text: 'x', heading: 7 }] }),
  'write between the lines': () => say({ blocks: [{ text: 'one\ntwo' }] }),
  'give a reason of its own': () => say({ unreadable: '<b>Call this number</b>' }),
  'talk without end'() {
    for (;;) say({ blocks: Array.from({ length: 100 }, () => ({ text: 'more and more and more' })) })
  },
  async attempt() {
    const blocks = []
    for (const [name, attempt] of Object.entries(attempts)) {
      const outcome = await attempted(attempt)
      blocks.push({ text: `${name}: ${outcome}`.replaceAll(/\s+/g, ' ').slice(0, 200) })
    }
    say({ blocks })
  },
  remember: () => say({ blocks: [{ text: `read before: ${kept.push(0) - 1}` }] })
}

for (let task = nextTask(); task; task = nextTask()) {
  await deeds[task.name]?.()
  say({ format: 'txt' })
}
