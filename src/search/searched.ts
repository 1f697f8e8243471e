import type { Db } from '../database/tables.ts'
import type { Entry } from './indexes.ts'

/** Where an index is to be: its name, and how often what it holds has changed. */
export type Place = { index_name: string; revision: number }
/** Something in an index as a whole: a document with its passages, or a memory. */
export type Change = { revision: number; item: string; removed: boolean }

/** The passages of each item. */
export type Passages = Map<string, Set<string>>

/** What is searched in an index of its own: the documents of one workspace, or the memories of one person. */
export type Searched = {
  /** Undefined where it is gone. */
  place(db: Db): Promise<Place | undefined>
  /** How many items go into the index in one step. */
  atOnce: number
  /** In any order. */
  changesSince(revision: number, db: Db): Promise<Change[]>
  /** Items as an index takes them, with the vectors of this embedder; nothing of those that were removed meanwhile. */
  entriesOf(items: string[], embedder: string | undefined, db: Db): Promise<Entry[]>
  /** What an index of this revision has to have, and which items it may have besides. */
  expectedAt(revision: number, db: Db): Promise<{ wanted: Passages; known: Set<string> }>
}
