// `npm run bench`, or `npm run bench -- home signin`: ratios measured in one run, with their noise.
import { availableParallelism, cpus } from 'node:os'

const benches: Record<string, () => Promise<() => Promise<unknown>>> = {
  home: async () => (await import('./home.ts')).home,
  signin: async () => (await import('./signin.ts')).signin,
  start: async () => (await import('./start.ts')).start,
  crowd: async () => (await import('./crowd.ts')).crowd
}

const named = process.argv.slice(2)
if (named.includes('--help') || named.includes('-h')) {
  console.log(`npm run bench [-- NAME…]

Measures Carrel beside named references and prints the ratios with their noise, which takes some minutes. NAME is one
of ${Object.keys(benches).join(', ')}; without any, all of them.`)
  process.exit(0)
}

const unknown = named.filter((name) => !(name in benches))
if (unknown.length > 0) {
  console.error(`There is no bench called ${unknown.join(', ')}; there are ${Object.keys(benches).join(', ')}.`)
  process.exit(1)
}

const began = Date.now()
console.log(`Node ${process.version}, ${availableParallelism()} × ${cpus()[0]?.model ?? 'processor'}`)
for (const name of named.length > 0 ? named : Object.keys(benches)) await (await benches[name]?.())?.()
console.log(`\nThat took ${Math.round((Date.now() - began) / 1000)} s.`)
