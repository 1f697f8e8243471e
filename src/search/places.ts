import type { Db } from '../database/tables.ts'

/** Whatever has an index of its own: what that is called, and how far it ought to be. Any other index is nobody's. */
export const placesIn = (db: Db) => db.selectFrom('workspaces').select(['id', 'index_name', 'revision'])
