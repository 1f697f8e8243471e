import type { Progress } from '../progress.ts'
import { type Told, toldCitation } from '../telling.ts'
import type { Event } from './events.ts'

/** For programs: the words of an answer as they are written, each citation once, and at the end all of it. */
export async function* answerEvents(
  coming: AsyncIterable<Progress | 'beat'>,
  whole: () => Promise<Told>
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
  const told = await whole()
  const { status, error } = told.answer
  if (status === 'done' || status === 'nothing-found') yield { event: 'done', data: told }
  else yield { event: 'error', data: { code: 'ANSWER_FAILED', message: error, ...told } }
}
