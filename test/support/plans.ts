import { CompiledQuery, type KyselyPlugin } from 'kysely'
import type { Db } from '../../src/database/tables.ts'

/** How SQLite goes about what a store asks for; PostgreSQL would choose by how much there is, which is little in a test. */
export async function plansOf(db: Db, asks: (db: Db) => Promise<unknown>): Promise<string[]> {
  const asked: CompiledQuery[] = []
  const listening: KyselyPlugin = {
    transformQuery({ node, queryId }) {
      asked.push(db.getExecutor().compileQuery(node, queryId))
      return node
    },
    transformResult: async ({ result }) => result
  }
  await asks(db.withPlugin(listening))
  const plans = asked.map(({ sql, parameters }) =>
    db.executeQuery<{ detail: string }>(CompiledQuery.raw(`explain query plan ${sql}`, [...parameters]))
  )
  return (await Promise.all(plans)).map(({ rows }) => rows.map(({ detail }) => detail).join('\n'))
}
