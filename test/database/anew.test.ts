import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import t from 'tap'
import { writeAnewIfDue } from '../../src/database/anew.ts'
import { startApp } from '../support/carrel.ts'

t.test('after a deletion the file is written anew, once', async (t) => {
  const { app, person } = await startApp(t)
  const ann = await person('Ann')
  const flat = await ann.makesWorkspace('Flat')
  const text = Array.from({ length: 300 }, (_, n) => `Heliotrope number ${n} is in the cellar, behind the door.`).join(
    '\n\n'
  )
  const id = await ann.puts(flat, 'Inventory', text)
  const free = async () => {
    const { rows } = await sql<{ freelist_count: number }>`pragma freelist_count`.execute(app.db)
    return rows[0]?.freelist_count ?? 0
  }
  await writeAnewIfDue(app.db)
  await ann.api('DELETE', `/api/v1/documents/${id}`)
  t.ok((await free()) > 0, 'what the document took is free')
  await writeAnewIfDue(app.db)
  t.equal(await free(), 0, 'and given back')
  t.notMatch(readFileSync(join(app.config.dataDir, 'carrel.db'), 'latin1'), 'Heliotrope')
  t.equal((await ann.open(`/workspaces/${flat}`)).statusCode, 200)

  await sql`create table rubbish as select zeroblob(200000) as rubble`.execute(app.db)
  await sql`drop table rubbish`.execute(app.db)
  await writeAnewIfDue(app.db)
  t.ok((await free()) > 0, 'where nothing of anybody was deleted it is left as it is')
})
