import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { isIPv6 } from 'node:net'
import { type Answer, decode, encode } from 'dns-packet'
import type { Test } from 'tap'

/** A name server that answers every question with the next of these lists, and at the end with the last one. */
export async function nameServer(t: Test, ...answers: string[][]) {
  const socket = createSocket('udp4')
  const asked: string[] = []

  socket.on('message', (message, { port, address }) => {
    const { id, questions = [] } = decode(message)
    const { name = '', type = 'A' } = questions[0] ?? {}
    const before = asked.filter((question) => question === `${type} ${name}`).length
    asked.push(`${type} ${name}`)
    const addresses = answers[Math.min(before, answers.length - 1)]
    if (!addresses) return
    const found = addresses.filter((one) => (type === 'AAAA') === isIPv6(one))
    const told = found.map((data) => ({ name, type, ttl: 0, data }) as Answer)
    socket.send(encode({ type: 'response', id: id ?? 0, questions, answers: told }), port, address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  t.teardown(() => socket.close())
  return { address: `127.0.0.1:${socket.address().port}`, asked }
}
