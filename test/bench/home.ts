import { cpSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { makeDesk } from './support/desk.ts'
import { inFolder } from './support/folder.ts'
import { asBrowser, type Contender, firstPage, race } from './support/load.ts'
import { judged, ratios, spread } from './support/numbers.ts'
import { startCarrel, startServer } from './support/server.ts'
import { measured, table } from './support/table.ts'

const rounds = 7
const amount = 2500
const changing = /^(date|connection|keep-alive|content-type|content-length|transfer-encoding|x?-?ratelimit.*)$/

async function expressCookie(url: string): Promise<string> {
  const answer = await fetch(`${url}sign-in`)
  return answer.headers.getSetCookie()[0]?.split(';', 1)[0] ?? ''
}

/** Carrel, and the others after its first page: they send the same headers and point at the same assets. */
async function contendersIn(folder: string): Promise<Contender[]> {
  const template = join(folder, 'template')
  mkdirSync(template)
  const { token, account } = await makeDesk(template)
  function copy(name: string) {
    cpSync(template, join(folder, name), { recursive: true })
    return join(folder, name)
  }

  const carrel = await startCarrel(copy('carrel'))
  const cookie = `session_id=${token}`
  const { page, headers } = await firstPage(carrel, cookie)
  const same = {
    ASSETS: /\/assets\/[^/"]+/.exec(page)?.[0] ?? '',
    HEADERS: JSON.stringify(Object.fromEntries([...headers].filter(([name]) => !changing.test(name)))),
    ACCOUNT: account
  }
  const start = (file: string, name: string, STEADY = '') =>
    startServer(file, { ...same, STEADY, DATA_DIR: copy(name) })
  const byHand = await start('by-hand.ts', 'by-hand')
  const byHandSteady = await start('by-hand.ts', 'by-hand-steady', 'yes')
  const express = await start('express.ts', 'express')
  const expressSteady = await start('express.ts', 'express-steady', 'yes')
  return [
    { name: 'Carrel', server: carrel, headers: asBrowser(cookie), page },
    { name: 'by hand', server: byHand, headers: asBrowser(cookie), page },
    { name: 'by hand, +?', server: byHandSteady, headers: asBrowser(cookie), page },
    { name: 'Express', server: express, headers: asBrowser(await expressCookie(express.url)), page },
    { name: 'Express, +?', server: expressSteady, headers: asBrowser(await expressCookie(expressSteady.url)), page }
  ]
}

/** What the page costs in Carrel, in a server written by hand for it, and in Express. */
export function home() {
  return inFolder(async (folder) => {
    const contenders = await contendersIn(folder)
    const of = await race(contenders, { rounds, amount })
    for (const { server } of contenders) await server.stop()

    const cpu = (other: string) => ratios(of('Carrel').cpu, of(other).cpu)
    const perSecond = (other: string) => ratios(of('Carrel').perSecond, of(other).perSecond)
    const bytes = Buffer.byteLength(contenders[0]?.page ?? '')
    table(
      'home: the signed-in home page',
      measured,
      [
        ...contenders.map(({ name }) => [`${name}: µs of processor a request`, ...spread(of(name).cpu, 0)]),
        ...contenders.map(({ name }) => [`${name}: requests a second`, ...spread(of(name).perSecond, 0)]),
        ['processor, Carrel / by hand', ...judged(cpu('by hand'), 3, { is: 'at most', value: 1.1 })],
        ['processor, Carrel / by hand, +?', ...judged(cpu('by hand, +?'), 3, { is: 'at most', value: 1.1 })],
        ['requests a second, Carrel / Express', ...judged(perSecond('Express'), 3, { is: 'at least', value: 1.6 })],
        ['requests a second, Carrel / Express, +?', ...spread(perSecond('Express, +?'), 3)]
      ],
      [
        `${bytes} bytes, the same from all; ${rounds} rounds of ${amount} requests each, 10 connections.`,
        'By hand: Fastify, @fastify/cookie, better-sqlite3, with the queries, pragmas, template and headers of Carrel, but without rate limit, audit and origin check.',
        'Express 5: express-session in SQLite (WAL, synchronous=normal), which reads and touches the session at every request, as it does by default.',
        '"+?" is the same server with queries that SQLite does not plan again at every request.'
      ]
    )
  })
}
