// `npm run bench`, or `npm run bench -- home signin`: ratios measured in one run, with their noise.
import { availableParallelism, cpus } from 'node:os'
import { parseArgs } from 'node:util'

type Bench = (collections: string[]) => Promise<unknown>

const benches: Record<string, () => Promise<Bench>> = {
  home: async () => (await import('./home.ts')).home,
  api: async () => (await import('./api.ts')).api,
  signin: async () => (await import('./signin.ts')).signin,
  start: async () => (await import('./start.ts')).start,
  crowd: async () => (await import('./crowd.ts')).crowd,
  answers: async () => (await import('./answers.ts')).answers,
  search: async () => (await import('./search.ts')).search,
  retrieval: async () => (await import('./retrieval.ts')).retrieval
}

const { positionals: named, values } = parseArgs({
  allowPositionals: true,
  options: { help: { type: 'boolean', short: 'h' }, data: { type: 'string', multiple: true, default: [] } }
})
if (values.help) {
  console.log(`npm run bench [-- NAME… --data DIR…]

Measures Carrel beside named references and prints the ratios with their noise, which takes some minutes. NAME is one
of ${Object.keys(benches).join(', ')}; without any, all of them. retrieval needs --data: a
folder with docs.jsonl (id, title, text), queries.jsonl (id, text) and qrels.tsv (query, document, gain).`)
  process.exit(0)
}

const unknown = named.filter((name) => !(name in benches))
if (unknown.length > 0) {
  console.error(`There is no bench called ${unknown.join(', ')}; there are ${Object.keys(benches).join(', ')}.`)
  process.exit(1)
}

const began = Date.now()
console.log(`Node ${process.version}, ${availableParallelism()} × ${cpus()[0]?.model ?? 'processor'}`)
for (const name of named.length > 0 ? named : Object.keys(benches)) await (await benches[name]?.())?.(values.data)
console.log(`\nThat took ${Math.round((Date.now() - began) / 1000)} s.`)
