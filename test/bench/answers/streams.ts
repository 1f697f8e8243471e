import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { performance } from 'node:perf_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import { inFolder } from '../support/folder.ts'
import { startInstalled } from '../support/installed.ts'
import { judged, quantile, ratios, spread } from '../support/numbers.ts'
import { paced } from '../support/paced.ts'
import { signIn, signUp } from '../support/reader.ts'
import { measured, table } from '../support/table.ts'

const rounds = 3
const atOnce = 50
const words = 100
const every = 50

const delta = (content: string) => `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}\n\n`

/** A model that says a word every so many milliseconds, to as many as ask, and writes down when. */
async function startModel() {
  const said = new Map<string, number>()
  let number = 0
  async function speak(reply: ServerResponse) {
    number += 1
    const name = number
    reply.writeHead(200, { 'content-type': 'text/event-stream' })
    for (let at = 0; at < words; at += 1) {
      const word = `w${name}x${at}`
      said.set(word, performance.now())
      reply.write(delta(`${word} `))
      await pause(every)
    }
    reply.end('data: [DONE]\n\n')
  }
  const server = createServer((request, reply) => {
    request.resume()
    request.once('end', () => void speak(reply))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}/v1`, said, stop: () => server.close() }
}

/** Many answers that a model writes at the same time, and the pages meanwhile. */
export function streams() {
  return inFolder(async (folder) => {
    const model = await startModel()
    const carrel = await startInstalled(folder, { MODEL_URL: model.url, HASH_MEMORY_MB: '1' })
    const { room } = await signUp(carrel.url)
    const reader = await signIn(carrel.url)
    const text = 'The landlord shall keep in repair the installations for space heating and heating water.'
    await reader.call('POST', 'api/v1/documents', { workspace_id: room, title: 'Lease', text })
    const chats = await Promise.all(Array.from({ length: atOnce }, () => reader.chatIn(room)))
    await paced(carrel.url, reader.cookie, 300, 5)

    const [late, quiet, busy]: [number[], number[], number[]] = [[], [], []]
    const whole: number[] = []
    for (let round = 0; round < rounds; round += 1) {
      quiet.push(quantile(await paced(carrel.url, reader.cookie, 400, 10), 0.99))
      const asked = Promise.all(chats.map((chat) => reader.ask(chat, 'Who keeps the heating in repair?')))
      await pause(500)
      busy.push(quantile(await paced(carrel.url, reader.cookie, 400, 10), 0.99))
      const answers = await asked
      whole.push(answers.filter(({ bits, status }) => status === 'done' && complete(bits)).length)
      late.push(...answers.flatMap(({ bits }) => bits.map(({ at, text }) => at - (model.said.get(lastOf(text)) ?? at))))
    }
    const mb = carrel.mb()
    await carrel.stop()
    model.stop()
    table(
      `answers: ${atOnce} at once, ${words} words each, one every ${every} ms`,
      measured,
      [
        ['answers that came whole', ...judged(whole, 0, { is: 'at least', value: atOnce })],
        ['ms from the model to the reader, p50', quantile(late, 0.5).toFixed(1)],
        ['ms from the model to the reader, p99', quantile(late, 0.99).toFixed(1)],
        ['home page meanwhile, p99 ms', ...spread(busy, 2)],
        ['home page p99, meanwhile / quiet', ...spread(ratios(busy, quiet), 2)],
        ['MB resident', mb.toFixed(0)]
      ],
      ['What comes within a tenth of a second is told together. The model and the readers run on the same processors.']
    )
  })
}

const complete = (bits: { text: string }[]) =>
  bits
    .map(({ text }) => text)
    .join('')
    .trim()
    .split(/\s+/)
    .filter((word) => /^w\d+x\d+$/.test(word)).length === words

const lastOf = (text: string) => text.trim().split(/\s+/).at(-1) ?? ''
