import type { Block } from '../documents/block.ts'
import { turnsByName } from './indexes/turns.ts'
import type { Passage } from './passages.ts'
import { Thread } from './thread.ts'

const rest = 10_000
const blocksAtOnce = 1000
const passagesAtOnce = 200

/** Cuts documents into passages in a thread apart, because for a long one that takes many seconds. */
export function openCutting() {
  const thread = new Thread(new URL('./cutting-thread.ts', import.meta.url), undefined, { rest })
  const inTurn = turnsByName()
  let closed = false
  const ask = <Result>(act: string, given?: unknown) => thread.ask<Result>({ act, index: '', given })

  /** Handed over and back in parts, for copying a whole book at once would hold the pages up. */
  async function cutAll(blocks: Block[]): Promise<Passage[]> {
    if (closed) throw new Error('No more documents are cut.')
    await ask('begin')
    for (let from = 0; from < blocks.length; from += blocksAtOnce) {
      await ask('take', blocks.slice(from, from + blocksAtOnce))
    }
    const count = await ask<number>('cut', blocks.length)
    const passages: Passage[] = []
    while (passages.length < count) {
      const some = await ask<Passage[]>('give', passagesAtOnce)
      if (some.length === 0) throw new Error('The cutting was interrupted.')
      passages.push(...some)
    }
    return passages
  }

  return {
    cut: (blocks: Block[]) => inTurn('', () => cutAll(blocks)),
    close() {
      closed = true
      return thread.end()
    }
  }
}

export type Cutting = ReturnType<typeof openCutting>
