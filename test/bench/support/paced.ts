import { Agent, get } from 'node:http'
import { performance } from 'node:perf_hooks'
import { setTimeout as pause } from 'node:timers/promises'

function once(url: string, cookie: string, agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    const began = performance.now()
    const request = get(url, { agent, headers: { cookie } }, (answer) => {
      if (answer.statusCode !== 200) reject(new Error(`home answered ${answer.statusCode}`))
      answer.resume()
      answer.once('end', () => resolve(performance.now() - began))
    })
    request.once('error', reject)
  })
}

/** Milliseconds that each of so many requests took: one every few milliseconds, never waiting for the one before. */
export async function paced(url: string, cookie: string, amount: number, every: number): Promise<number[]> {
  const agent = new Agent({ keepAlive: true })
  const all: Promise<number>[] = []
  for (let at = 0; at < amount; at += 1) {
    all.push(once(url, cookie, agent))
    await pause(every)
  }
  const taken = await Promise.all(all)
  agent.destroy()
  return taken
}
