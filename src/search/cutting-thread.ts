import type { Block } from '../documents/block.ts'
import { serve } from './indexes/serve.ts'
import { cut, type Passage } from './passages.ts'
import { stepBack } from './step-back.ts'

stepBack()

let blocks: Block[] = []
let passages: Passage[] = []

serve({
  begin() {
    blocks = []
  },
  take(_, more: Block[]) {
    blocks.push(...more)
  },
  /** Answers with how many passages there are to be had. */
  cut(_, taken: number) {
    if (blocks.length !== taken) throw new Error('The cutting was interrupted.')
    passages = cut(blocks)
    blocks = []
    return passages.length
  },
  give: (_, count: number) => passages.splice(0, count)
})
