import type { Config } from '../config.ts'
import { writeAnew } from '../database/anew.ts'
import { holdServerLock, isServing } from '../database/lock.ts'
import { databaseProblems, type Problem } from '../database/problems.ts'
import type { Db } from '../database/tables.ts'
import { originalsIn } from '../documents/originals.ts'
import { documentProblems } from '../documents/problems.ts'
import { many } from '../plugins/words.ts'
import { removeIndex } from '../search/indexes/file.ts'
import { indexProblems } from '../search/problems.ts'
import { type IndexFolder, indexFolders } from '../search/replicas.ts'
import { command } from './command.ts'

type Patient = { db: Db; config: Config; folders: IndexFolder[]; served: boolean }

async function problemsOf({ db, config, folders, served }: Patient): Promise<Problem[]> {
  const originals = originalsIn(config.dataDir)
  const dropIndex = async (name: string) => {
    for (const { folder, release } of folders) if (release) removeIndex(folder, name)
  }
  const found: Problem[] = []
  for await (const problem of databaseProblems(db)) found.push(problem)
  for await (const problem of documentProblems({ db, originals, searching: { dropIndex } }, served)) found.push(problem)
  for await (const problem of indexProblems(db, folders)) found.push(problem)
  return found
}

const listed = (problems: Problem[]) => problems.map(({ says }) => says).join('\n')

async function health(db: Db): Promise<string> {
  const rows = (table: 'documents' | 'passages') =>
    db
      .selectFrom(table)
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow()
  const [documents, passages] = [Number((await rows('documents')).count), Number((await rows('passages')).count)]
  return `No orphans: ${many(documents, 'document')}, ${many(passages, 'passage')}, and all that belongs to them.`
}

async function examine(patient: Patient, fix: boolean): Promise<string> {
  const found = await problemsOf(patient)
  if (!fix && found.length > 0) throw new Error(listed(found))
  for (const { mend } of found) await mend?.()
  if (fix) await writeAnew(patient.db)
  if (found.length === 0) return health(patient.db)
  const left = await problemsOf(patient)
  if (left.length > 0) throw new Error(listed(left))
  return `Mended ${many(found.length, 'problem')}:\n${listed(found)}`
}

await command({
  help: `
npm run doctor [-- --fix]

Looks whether everything is there that belongs together, and nothing else: documents, their originals, passages and
vectors, the search indexes, what answers cite, and the database file itself. Also while the server runs. --fix removes
what belongs to nothing, reads documents again that lost their text, and throws away indexes that are wrong, to be made
again; with SQLite it writes the database file anew besides, and works only while no server runs. What cannot be mended is listed, and the exit status is 1.`,
  options: { fix: { type: 'boolean' } },
  async run({ db, config, values }) {
    const fix = values.fix === true
    const unlock = fix && !config.databaseUrl ? holdServerLock(config) : undefined
    const folders = indexFolders(config)
    try {
      const served = config.databaseUrl ? folders.some(({ release }) => !release) : !unlock && isServing(config)
      return await examine({ db, config, folders, served }, fix)
    } finally {
      for (const { release } of folders) release?.()
      unlock?.()
    }
  }
})
