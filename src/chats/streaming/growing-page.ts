import { randomBytes } from 'node:crypto'
import type { FastifyBaseLogger } from 'fastify'
import type { Workspace } from '../../workspaces/store.ts'
import type { Progress } from '../progress.ts'
import { asHtml, type Shown } from '../showing.ts'
import { growingHtml } from './growing-html.ts'

type Parts = {
  /** The page, with a gap where each answer that is being written belongs. */
  page: (gapOf: (answer: string) => string) => string
  writing: string[]
  workspace: Workspace
  follow: (answer: string) => AsyncIterable<Progress | 'beat'>
  /** What stands below the text of an answer once it is written. */
  below: (answer: string) => Promise<{ exchange: Shown; html: string }>
  log: FastifyBaseLogger
}

/** Keeps the line open, and shows nowhere. */
const nothing = '<!-- -->'
const noLonger = '<p class="refused">This answer can no longer be shown.</p>'

/**
 * The page of a chat while it is being answered: it stays open and grows, in any browser. It is made before the first of
 * it is asked for, when its headers can still be set.
 */
export function growingPage({ page, writing, workspace, follow, below, log }: Parts): AsyncGenerator<string> {
  const mark = randomBytes(16).toString('hex')
  const gapOf = (answer: string) => `${mark}-${answer}`
  const whole = page(gapOf)
  return grow()

  async function* grow() {
    let rest = whole
    for (const answer of writing) {
      const [before = '', after = ''] = rest.split(gapOf(answer), 2)
      yield before
      yield* growingAnswer(answer)
      rest = after
    }
    yield rest
  }

  async function* growingAnswer(answer: string) {
    const html = growingHtml()
    yield '<div class="answer" aria-live="polite">'
    try {
      for await (const progress of follow(answer)) {
        const more =
          progress === 'beat' ? nothing : html.more(progress.text, (text) => asHtml({ ...progress, text }, workspace))
        if (more) yield more
      }
      const { exchange, html: end } = await below(answer)
      const whole = exchange.answer.html
      yield `${html.end(whole) ?? `${html.close()}</div><div class="answer">${whole}`}</div>${end}`
    } catch (error) {
      log.info({ err: error }, 'a page ended before its answer did')
      yield `${html.close()}</div>${noLonger}`
    }
  }
}
