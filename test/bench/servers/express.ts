import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import SQLite from 'better-sqlite3'
import express from 'express'
import session from 'express-session'
import { openDesk } from './desk.ts'
import { SqliteStore } from './session-store.ts'
import { talk } from './talk.ts'

const { DATA_DIR = '', HEADERS = '{}', ACCOUNT = '' } = process.env
const desk = openDesk()
const headers = JSON.parse(HEADERS) as Record<string, string>

// In its own file and without a flush per commit, which is kinder to Express than Carrel's own pragmas would be.
const sqlite = new SQLite(join(DATA_DIR, 'sessions.db'))
sqlite.pragma('journal_mode = wal')
sqlite.pragma('synchronous = normal')

const app = express()
app.disable('x-powered-by')
app.use(
  session({
    secret: 'only for the bench',
    store: new SqliteStore(sqlite),
    resave: false,
    saveUninitialized: false,
    cookie: { maxAge: 7 * 24 * 3600 * 1000 }
  })
)
app.get('/sign-in', (request, response) => {
  request.session.account = ACCOUNT
  response.send('')
})
app.get('/', (request, response) => {
  const viewer = request.session.account && desk.viewerById(request.session.account)
  if (!viewer) return void response.writeHead(303, { location: '/login' }).end()
  response.set(headers).send(desk.pageFor(viewer))
})

const server = createServer(app).listen(0, '127.0.0.1', () => talk((server.address() as AddressInfo).port))
