import { parentPort } from 'node:worker_threads'
import type { Reply } from '../thread.ts'
import { Damaged, noticingDamage } from './file.ts'

export type Asked = { id: number; act: string; index: string; given: never }
/** In place of an answer: the file is no index, or no longer. */
export const damaged = 'damaged'

/** Does what this thread is asked, one thing after the other. */
export function serve(acts: Record<string, (index: string, given: never) => unknown>) {
  parentPort?.on('message', ({ id, act, index, given }: Asked) => {
    const reply: Reply = { id }
    try {
      reply.result = noticingDamage(() => acts[act]?.(index, given))
    } catch (error) {
      if (error instanceof Damaged) reply.result = damaged
      else reply.error = (error as Error).message
    }
    parentPort?.postMessage(reply)
  })
}
