import type { Db } from '../database/tables.ts'
import { documentsOfWorkspace } from '../documents/searched.ts'
import { memoriesOfPerson } from '../memory/searched.ts'
import type { Searched } from './searched.ts'

/** What an index is of, and how far it ought to be. */
export type Owner = { searched: Searched; revision: number }

/** Whatever has an index of one of these names; any other index is nobody's. */
export async function ownersOf(names: string[], db: Db): Promise<Map<string, Owner>> {
  if (names.length === 0) return new Map()
  const workspaces = await db
    .selectFrom('workspaces')
    .select(['id', 'index_name', 'revision'])
    .where('index_name', 'in', names)
    .execute()
  const notebooks = await db
    .selectFrom('notebooks')
    .select(['account_id', 'index_name', 'revision'])
    .where('index_name', 'in', names)
    .execute()
  return new Map([
    ...workspaces.map(({ id, index_name, revision }): [string, Owner] => [
      index_name,
      { searched: documentsOfWorkspace(id), revision }
    ]),
    ...notebooks.map(({ account_id, index_name, revision }): [string, Owner] => [
      index_name,
      { searched: memoriesOfPerson(account_id), revision }
    ])
  ])
}
