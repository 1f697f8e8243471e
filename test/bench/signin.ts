import { setTimeout as pause } from 'node:timers/promises'
import { makeDesk, password } from './support/desk.ts'
import { inFolder } from './support/folder.ts'
import { firstPage } from './support/load.ts'
import { judged, quantile, ratios, spread } from './support/numbers.ts'
import { paced } from './support/paced.ts'
import { startCarrel } from './support/server.ts'
import { measured, table } from './support/table.ts'

const rounds = 6
const amount = 300
const every = 10

/** Signs all of them in, each again as soon as it was done, until it is told to stop. */
function signInForever(url: string, emails: string[]) {
  let going = true
  let done = 0
  async function again(email: string) {
    while (going) {
      const answer = await fetch(`${url}login`, {
        method: 'POST',
        body: new URLSearchParams({ email, password }),
        headers: { 'sec-fetch-site': 'same-origin' },
        redirect: 'manual'
      })
      await answer.text()
      if (answer.status !== 303) throw new Error(`signing in answered ${answer.status}`)
      done += 1
    }
  }
  const all = Promise.all(emails.map(again))
  return {
    done: () => done,
    async stop() {
      going = false
      await all
    }
  }
}

/** What a reader notices while eight others sign in. */
export function signin() {
  return inFolder(async (folder) => {
    const desk = await makeDesk(folder, { others: 8, hashMemoryMb: 64 })
    const server = await startCarrel(folder)
    const cookie = `session_id=${desk.token}`
    await firstPage(server, cookie)
    await paced(server.url, cookie, 1000, 2)

    const quiet: number[][] = []
    const busy: number[][] = []
    const signIns: number[] = []
    for (let round = 0; round < rounds; round += 1) {
      quiet.push(await paced(server.url, cookie, amount, every))
      const others = signInForever(server.url, desk.emails)
      await pause(500)
      const [began, before] = [Date.now(), others.done()]
      busy.push(await paced(server.url, cookie, amount, every))
      signIns.push((others.done() - before) / ((Date.now() - began) / 1000))
      await others.stop()
      await pause(200)
    }
    await server.stop()

    const at = (share: number, times: number[][]) => times.map((round) => quantile(round, share))
    table(
      'signin: the home page while eight others sign in without a pause',
      measured,
      [
        ['quiet, median ms', ...spread(at(0.5, quiet), 2)],
        ['busy, median ms', ...spread(at(0.5, busy), 2)],
        ['quiet, p99 ms', ...spread(at(0.99, quiet), 2)],
        ['busy, p99 ms', ...spread(at(0.99, busy), 2)],
        ['p99, busy / quiet', ...judged(ratios(at(0.99, busy), at(0.99, quiet)), 2, { is: 'at most', value: 4 })],
        ['p99 of all rounds, busy / quiet', (quantile(busy.flat(), 0.99) / quantile(quiet.flat(), 0.99)).toFixed(2)],
        ['sign-ins a second', ...spread(signIns, 1)]
      ],
      [
        `${rounds} quiet and ${rounds} busy rounds in turn, ${amount} requests each, one every ${every} ms whether or not the last has been answered. The requests and the sign-ins are made on the processors that serve them.`
      ]
    )
  })
}
