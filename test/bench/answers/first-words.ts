import { performance } from 'node:perf_hooks'
import { readConfig } from '../../../src/config.ts'
import { inTransaction, openDatabase } from '../../../src/database/open.ts'
import { newId } from '../../../src/ids.ts'
import { openMiniLm } from '../../../src/search/minilm.ts'
import { asBytes } from '../../../src/search/vectors.ts'
import { inFolder } from '../support/folder.ts'
import { startInstalled } from '../support/installed.ts'
import { openLibrary } from '../support/library.ts'
import { judged, quantile, spread } from '../support/numbers.ts'
import { signIn, signUp } from '../support/reader.ts'
import { measured, table } from '../support/table.ts'

const passages = 10_000
const perDocument = 500
const rounds = 5
const perRound = 20

/** Puts documents that have been read already into a workspace, straight into the database. */
async function furnish(folder: string, workspace_id: string, added_by: string) {
  const { embedder } = openMiniLm()
  const library = await openLibrary()
  const db = await openDatabase(readConfig({ DATA_DIR: folder }))
  const texts: string[] = []
  const at = new Date().toISOString()
  for (let first = 0; first < passages; first += perDocument) {
    const document_id = newId()
    const entries = Array.from({ length: perDocument }, (_, n) => ({
      ...library.entry(first + n),
      id: newId(),
      n: n + 1
    }))
    texts.push(...entries.map(({ text }) => text))
    await inTransaction(db, async (tx) => {
      const { revision } = await tx
        .updateTable('workspaces')
        .set((eb) => ({ revision: eb('revision', '+', 1) }))
        .where('id', '=', workspace_id)
        .returning('revision')
        .executeTakeFirstOrThrow()
      const place = { id: document_id, workspace_id, added_by, created_at: at, updated_at: at }
      const about = { title: `Book ${first}`, origin: 'text' as const, source_url: null, format: 'txt', pages: null }
      const file = { file: document_id, bytes: 1, hash: document_id }
      const state = { state: 'ready' as const, reason: null, held_by: null, held_until: null, revision }
      await tx
        .insertInto('documents')
        .values({ ...place, ...about, ...file, ...state })
        .execute()
      const stored = { workspace_id, document_id, headings: '[]', lead: '', page: null }
      const rows = entries.map(({ id, n, text, section }) => ({ ...stored, id, n, text, section }))
      for (let from = 0; from < rows.length; from += 100)
        await tx
          .insertInto('passages')
          .values(rows.slice(from, from + 100))
          .execute()
      if (!embedder) return
      const vectors = entries.map(({ id, vector }) => ({
        passage_id: id,
        embedder: embedder.id,
        vector: asBytes(vector)
      }))
      await tx.insertInto('passage_vectors').values(vectors).execute()
    })
  }
  await db.destroy()
  await embedder?.close()
  return texts
}

/** From a question to the first words of the built-in answer, beside the search alone. */
export function firstWords() {
  return inFolder(async (folder) => {
    const settings = { HASH_MEMORY_MB: '1' }
    const empty = await startInstalled(folder, settings)
    const { room, account } = await signUp(empty.url)
    await empty.stop()
    const texts = await furnish(folder, room, account)
    const carrel = await startInstalled(folder, settings)
    const reader = await signIn(carrel.url)

    const question = (at: number) => {
      const words = texts[(at * 331) % texts.length]?.split(' ').filter(({ length }) => length > 5) ?? []
      return `What is the ${words.slice(0, 6).join(' ')}?`
    }
    const [first, search]: [number[][], number[][]] = [[], []]
    for (let at = 0; at < 10; at += 1) await reader.ask(await reader.chatIn(room), question(at))
    for (let round = 0; round < rounds; round += 1) {
      const [asked, sought]: [number[], number[]] = [[], []]
      for (let at = 0; at < perRound; at += 1) {
        const q = question(10 + round * perRound + at)
        const chat = await reader.chatIn(room)
        asked.push((await reader.ask(chat, q)).first)
        const began = performance.now()
        await reader.call('GET', `api/v1/search?workspace_id=${room}&q=${encodeURIComponent(q)}`)
        sought.push(performance.now() - began)
      }
      first.push(asked)
      search.push(sought)
    }
    const mb = carrel.mb()
    await carrel.stop()
    const at = (share: number, times: number[][]) => times.map((round) => quantile(round, share))
    table(
      `answers: the first words among ${passages.toLocaleString('en')} passages`,
      measured,
      [
        ['ms from the question to its first words, p50', ...judged(at(0.5, first), 1, { is: 'at most', value: 60 })],
        ['ms from the question to its first words, p95', ...spread(at(0.95, first), 1)],
        ['ms for the search alone, p50', ...spread(at(0.5, search), 1)],
        ['MB resident', mb.toFixed(0)]
      ],
      [`${rounds} rounds of ${perRound} questions of six words, each in a chat of its own, asked over HTTP.`]
    )
  })
}
