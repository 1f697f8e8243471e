import type { Limits } from '../limits.ts'
import { readFile } from './read-file.ts'
import { hear, say } from './speak.ts'
import { trouble } from './trouble.ts'

type Task = { name: string; size: number; limits: Limits }

function nextTask(): Task | undefined {
  const length = hear(4)
  const task = length && hear(length.readUInt32BE())
  return task && JSON.parse(task.toString())
}

/** Reads one file after the other until nobody asks for another. */
export async function serve() {
  for (let task = nextTask(); task; task = nextTask()) {
    const bytes = hear(task.size)
    if (!bytes) return
    try {
      say(await readFile({ bytes, name: task.name, limits: task.limits }, say))
    } catch (error) {
      say(trouble(error))
    }
  }
}
