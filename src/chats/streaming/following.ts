import type { FastifyRequest } from 'fastify'
import type { App } from '../../plugins/app-type.ts'
import type { Progress } from '../progress.ts'
import type { Chat } from '../store.ts'
import { withBeats } from './beats.ts'

const beatEvery = 15_000

/** An answer as it grows, for one reader, for as long as they may read it: that is asked again before each word. */
export function following(app: App, request: FastifyRequest, chat: Chat, mayRead: () => Promise<unknown>) {
  async function check() {
    await request.authenticateAgain()
    await mayRead()
  }

  return async function* (answer: string): AsyncGenerator<Progress | 'beat'> {
    for await (const one of withBeats(app.answering.follow(chat, answer), beatEvery)) {
      await check()
      yield one
    }
    await check()
  }
}
