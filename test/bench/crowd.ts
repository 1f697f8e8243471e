import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { crowd as fill } from './support/crowd.ts'
import { makeDesk } from './support/desk.ts'
import { inFolder } from './support/folder.ts'
import { asBrowser, type Contender, firstPage, race } from './support/load.ts'
import { judged, ratios, spread } from './support/numbers.ts'
import { startCarrel } from './support/server.ts'
import { measured, table } from './support/table.ts'

const rounds = 7
const amount = 2500
const ten = { accounts: 10, workspaces: 30, sessions: 100 }
const many = { accounts: 100_000, workspaces: 300_000, sessions: 1_000_000 }

async function among(folder: string, name: string, others: typeof many): Promise<Contender> {
  mkdirSync(folder)
  const { token } = await makeDesk(folder)
  fill(folder, others)
  const server = await startCarrel(folder)
  const cookie = `session_id=${token}`
  const { page } = await firstPage(server, cookie)
  return { name, server, headers: asBrowser(cookie), page }
}

/** Whether the home page costs more when a hundred thousand others have theirs in the same file. */
export function crowd() {
  return inFolder(async (folder) => {
    const began = Date.now()
    const few = await among(join(folder, 'few'), 'ten others', ten)
    const full = await among(join(folder, 'many'), 'a crowd', many)
    const filled = Math.round((Date.now() - began) / 1000)
    const megabytes = Math.round(statSync(join(folder, 'many', 'carrel.db')).size / 1e6)

    const of = await race([few, full], { rounds, amount })
    for (const { server } of [few, full]) await server.stop()
    const { cpu } = of('a crowd')
    table(
      'crowd: the home page among many others',
      measured,
      [
        ['µs of processor a request, ten others', ...spread(of('ten others').cpu, 0)],
        ['µs of processor a request, a crowd', ...spread(cpu, 0)],
        [
          'processor, a crowd / ten others',
          ...judged(ratios(cpu, of('ten others').cpu), 3, { is: 'at most', value: 1.3 })
        ]
      ],
      [
        `A crowd: ${many.accounts} accounts, ${many.workspaces} workspaces, ${many.sessions} live sessions; ${megabytes} MB, filled in ${filled} s. ${rounds} rounds of ${amount} requests each.`
      ]
    )
  })
}
