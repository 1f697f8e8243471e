import type { Exchange } from '../messages.ts'
import type { Progress } from '../progress.ts'
import { told, toldCitation } from '../telling.ts'
import type { Event } from './events.ts'

/** For programs: the words of an answer as they are written, each citation once, and at the end all of it. */
export async function* answerEvents(
  coming: AsyncIterable<Progress | 'beat'>,
  exchange: () => Promise<Exchange>
): AsyncGenerator<Event | 'beat'> {
  let sent = ''
  const cited = new Set<number>()
  for await (const progress of coming) {
    if (progress === 'beat') yield progress
    else {
      const { text, citations } = progress
      if (text.length > sent.length && text.startsWith(sent)) {
        yield { event: 'token', data: { text: text.slice(sent.length) } }
        sent = text
      }
      for (const citation of citations) {
        if (cited.has(citation.n)) continue
        cited.add(citation.n)
        yield { event: 'citation', data: toldCitation(citation) }
      }
    }
  }
  const whole = await exchange()
  const { state, reason } = whole.answer
  if (state === 'done' || state === 'nothing-found') yield { event: 'done', data: told(whole) }
  else yield { event: 'error', data: { code: 'ANSWER_FAILED', message: reason, ...told(whole) } }
}
