import type { Workspace } from '../../workspaces/store.ts'
import type { Progress } from '../progress.ts'
import { asHtml } from '../showing.ts'
import type { Event } from './events.ts'

/** For the open page: the exchange as it begins, its answer whenever there is more of it, and the exchange as it stays. */
export async function* articleEvents(
  coming: AsyncIterable<Progress | 'beat'>,
  workspace: Workspace,
  article: () => Promise<string>
): AsyncGenerator<Event | 'beat'> {
  yield { event: 'exchange', data: { html: await article() } }
  for await (const progress of coming) {
    yield progress === 'beat' ? progress : { event: 'answer', data: { html: asHtml(progress, workspace) } }
  }
  yield { event: 'done', data: { html: await article() } }
}
