import type { Answerer } from '../answerers/answerer.ts'
import { speaksOfOneself } from '../answerers/follow-up.ts'
import { sentencesIn } from '../answerers/sentences.ts'
import type { App } from '../plugins/app-type.ts'
import type { Keepsake } from './keeping.ts'
import { longestRead, saidOfOneself } from './said.ts'

type Said = Pick<Keepsake, 'kind' | 'text'>

/** How long a model may take: nobody waits for it, but other questions may wait behind it. */
const patience = 60_000

/** Most questions only ask, and are no reason to trouble a model once more. */
function onlyAsks(question: string): boolean {
  const plain = question.trim()
  return plain.endsWith('?') && sentencesIn(plain).length === 1 && !speaksOfOneself(plain)
}

/** Whether there is a model that is to judge what of a question is worth keeping. */
export const isJudged = (question: string, { worthKeeping }: Answerer) =>
  worthKeeping !== undefined && question.length <= longestRead && !onlyAsks(question)

/** What is worth keeping as a model judges it; where it fails, by the rules. */
export async function judged(app: App, question: string, answerer: Answerer, stopping: AbortSignal): Promise<Said[]> {
  try {
    const signal = AbortSignal.any([stopping, AbortSignal.timeout(patience)])
    return (await answerer.worthKeeping?.(question, signal)) ?? []
  } catch (error) {
    stopping.throwIfAborted()
    app.log.warn({ err: error }, 'the model did not say what is worth remembering; the rules do')
    return saidOfOneself(question)
  }
}
