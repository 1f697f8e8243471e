import { noteDeletion } from '../database/anew.ts'
import { clearLeftovers } from '../documents/leftovers.ts'
import type { App } from '../plugins/app-type.ts'
import { memoriesOfPerson } from './searched.ts'

/** Once this is over, nothing that these people's memories have forgotten is on the disk. */
export async function forgetting(app: App, readers: string[]) {
  for (const reader of readers) await app.searching.bringUpToDate(memoriesOfPerson(reader))
  await noteDeletion(app.db)
  await clearLeftovers(app)
}
