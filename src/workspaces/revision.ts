import type { Db } from '../database/tables.ts'

/** Counts a change of what can be searched in a workspace; whoever counts has it to themselves until the end of `tx`. */
export async function nextRevision(tx: Db, workspace: string): Promise<number> {
  const { revision } = await tx
    .updateTable('workspaces')
    .set((eb) => ({ revision: eb('revision', '+', 1) }))
    .where('id', '=', workspace)
    .returning('revision')
    .executeTakeFirstOrThrow()
  return revision
}

/** Nothing of it is deleted by anybody else until the end of `tx`. */
export async function holdStill(tx: Db, workspace: string) {
  await tx
    .updateTable('workspaces')
    .set((eb) => ({ revision: eb.ref('revision') }))
    .where('id', '=', workspace)
    .execute()
}
