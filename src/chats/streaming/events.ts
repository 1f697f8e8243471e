import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Refusal } from '../../errors.ts'

export const eventStream = 'text/event-stream'

export type Event = { event: string; data: object }

/** Whether events are asked for, as they happen, instead of one answer at the end. */
export const wantsEvents = ({ headers }: FastifyRequest) => headers.accept?.includes(eventStream) ?? false

const written = ({ event, data }: Event) => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
const nothing = ': here\n\n'

/** Sends events as they come; at the beginning, and when nothing happens for long, a comment that nobody reads. */
export function sendEvents(reply: FastifyReply, events: AsyncIterable<Event | 'beat'>) {
  async function* text() {
    yield nothing
    try {
      for await (const one of events) yield one === 'beat' ? nothing : written(one)
    } catch (error) {
      yield written({ event: 'error', data: fault(error, reply) })
    }
  }
  return stayOpen(reply).type(`${eventStream}; charset=utf-8`).send(Readable.from(text()))
}

function fault(error: unknown, { request }: FastifyReply) {
  if (error instanceof Refusal) return { code: error.code, message: error.message }
  request.log.error({ err: error, req: request }, 'unexpected, in the middle of an answer')
  return { code: 'UNEXPECTED', message: `Something went wrong on our side. Reference: ${request.id}` }
}

/** An answer that nobody on the way may keep, or hold back until it is whole. */
export const stayOpen = (reply: FastifyReply) =>
  reply.header('cache-control', 'no-store').header('x-accel-buffering', 'no')
