import { sql } from 'kysely'
import { isPostgres } from './columns.ts'
import { emptyLog } from './sqlite.ts'
import type { Db } from './tables.ts'

const mark = 'something-was-deleted'
/** More would hold the pages up for too long. */
const mostAtOnce = 64 * 2 ** 20

/** Copies of rows that SQLite has moved, and that went later, may stand in the free space of pages until this. */
export async function writeAnew(db: Db) {
  if (isPostgres(db as never)) return
  await sql`vacuum`.execute(db)
  await emptyLog(db)
}

/** Something was deleted, so that the file is to be written anew before long. */
export async function noteDeletion(db: Db) {
  if (isPostgres(db as never)) return
  await db
    .insertInto('facts')
    .values({ name: mark, value: 'yes' })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute()
}

async function bytesOf(db: Db): Promise<number> {
  const pages = await sql<{ page_count: number }>`pragma page_count`.execute(db)
  const size = await sql<{ page_size: number }>`pragma page_size`.execute(db)
  return Number(pages.rows[0]?.page_count) * Number(size.rows[0]?.page_size)
}

/** Writes the file anew where something was deleted since it last was; a large one only the doctor does. */
export async function writeAnewIfDue(db: Db) {
  if (isPostgres(db as never)) return
  const due = await db.selectFrom('facts').select('name').where('name', '=', mark).executeTakeFirst()
  if (!due || (await bytesOf(db)) > mostAtOnce) return
  await db.deleteFrom('facts').where('name', '=', mark).execute()
  await writeAnew(db).catch(async (error) => {
    await noteDeletion(db)
    throw error
  })
}
