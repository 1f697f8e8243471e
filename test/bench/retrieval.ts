import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { embeddingText } from '../../src/search/embedder.ts'
import { type Entry, openIndexes } from '../../src/search/indexes.ts'
import { openMiniLm } from '../../src/search/minilm.ts'
import { cut } from '../../src/search/passages.ts'
import { inFolder } from './support/folder.ts'
import { table } from './support/table.ts'

type Line = { id: string; title?: string; text: string }
type Judged = Map<string, Map<string, number>>

const depth = 10
const files = ['docs.jsonl', 'queries.jsonl', 'qrels.tsv']

type Targets = Record<string, number>
const targets: Record<string, Targets> = {
  cranfield: { 'nDCG@10 of both': 0.43, 'nDCG@10 of words alone': 0.385 },
  squad: { 'nDCG@10 of both': 0.915, 'Recall@10 of both': 0.98, 'nDCG@10 of words alone': 0.905 }
}

const linesOf = (file: string) => readFileSync(file, 'utf8').split('\n').filter(Boolean)
const readLines = (file: string) => linesOf(file).map((line) => JSON.parse(line) as Line)

function readJudgements(file: string): Judged {
  const judged: Judged = new Map()
  for (const [query = '', document = '', gain] of linesOf(file).map((line) => line.split('\t'))) {
    judged.set(query, (judged.get(query) ?? new Map()).set(document, Number(gain)))
  }
  return judged
}

const discounted = (gains: number[]) => gains.reduce((sum, gain, at) => sum + gain / Math.log2(at + 2), 0)

/** How good a list of documents is: nDCG and recall among the first ten. */
function judge(documents: string[], gains: Map<string, number>) {
  const relevant = [...gains.values()].filter((gain) => gain > 0)
  const found = documents.slice(0, depth).map((document) => gains.get(document) ?? 0)
  const best = relevant.sort((one, other) => other - one).slice(0, depth)
  return {
    ndcg: discounted(found) / discounted(best),
    recall: found.filter((gain) => gain > 0).length / relevant.length
  }
}

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

function entriesOf({ id, title = '', text }: Line): Entry[] {
  return cut(text.split(/\n\s*\n/).map((text) => ({ text }))).map(({ section, lead, text }, at) => ({
    passage: `${id}#${at}`,
    document: id,
    title,
    section,
    lead,
    text
  }))
}

/** One collection through the cutter, the embedder and the index, as Carrel does it. */
async function measureCollection(data: string, folder: string) {
  const missing = files.filter((file) => !existsSync(join(data, file)))
  if (missing.length > 0) throw new Error(`${data} has no ${missing.join(', ')}.`)
  const { embedder, missing: absent } = openMiniLm()
  if (!embedder) throw new Error(absent)
  const indexes = openIndexes(folder)
  const entries = readLines(join(data, 'docs.jsonl')).flatMap(entriesOf)
  const vectors = await embedder.embed(entries.map(embeddingText))
  const add = entries.map((entry, at) => ({ ...entry, vector: vectors[at] as Float32Array }))
  await indexes.apply('bench', { revision: 1, embedder: embedder.id, add })

  const judged = readJudgements(join(data, 'qrels.tsv'))
  const queries = readLines(join(data, 'queries.jsonl')).filter(({ id }) => judged.has(id))
  const scores = { both: [] as ReturnType<typeof judge>[], words: [] as ReturnType<typeof judge>[] }
  for (const { id, text: question } of queries) {
    const gains = judged.get(id) as Map<string, number>
    const [vector] = (await embedder.embed([question], 'question')) as [Float32Array]
    for (const [name, given] of Object.entries({ both: { vector }, words: {} })) {
      const { hits } = await indexes.search('bench', { question, limit: depth * 10, ...given })
      scores[name as 'both'].push(judge([...new Set(hits.map(({ document }) => document))], gains))
    }
  }
  await indexes.close()
  await embedder.close()
  return { passages: entries.length, queries: queries.length, scores }
}

/** How good what is found is, on a collection with judgements. */
export async function retrieval(collections: string[]) {
  if (collections.length === 0) {
    console.log('\nretrieval needs --data DIR, a folder with docs.jsonl, queries.jsonl and qrels.tsv; it was left out.')
  }
  for (const data of collections) {
    const { passages, queries, scores } = await inFolder((folder) => measureCollection(data, folder))
    const wanted = targets[basename(data)] ?? {}
    const rows = (['both', 'words'] as const).flatMap((name) => {
      const who = name === 'both' ? 'both' : 'words alone'
      const results: [string, number][] = [
        [`nDCG@10 of ${who}`, mean(scores[name].map(({ ndcg }) => ndcg))],
        [`Recall@10 of ${who}`, mean(scores[name].map(({ recall }) => recall))]
      ]
      return results.map(([label, value]) => {
        const target = wanted[label]
        const judged = target === undefined ? ['', ''] : [`at least ${target}`, value >= target ? 'met' : 'MISSED']
        return [label, value.toFixed(4), ...judged]
      })
    })
    table(`retrieval: ${basename(data)}`, ['', 'mean', 'target', ''], rows, [
      `${queries} questions, ${passages} passages; the best passage of a document counts.`
    ])
  }
}
