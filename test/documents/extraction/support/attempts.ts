import { readFileSync, symlinkSync, writeFileSync } from 'node:fs'

const anywhere = process.platform === 'win32' ? 'C:\\' : '/'

/** What whoever has taken the process over might try next. Each should be refused, or find nothing. */
export const attempts: Record<string, () => unknown> = {
  environment: () => JSON.stringify(process.env),
  'another file': () => readFileSync(`${anywhere}etc/hostname`, 'utf8').length,
  'another folder of ours': () => readFileSync(`${import.meta.dirname}/../../../../README.md`, 'utf8').length,
  writing: () => writeFileSync(`${import.meta.dirname}/written`, 'x'),
  'writing elsewhere': () => writeFileSync('/tmp/written-by-an-unruly-program', 'x'),
  link: () => symlinkSync(`${anywhere}etc/hostname`, `${import.meta.dirname}/link`),
  process: async () => (await import('node:child_process')).execSync('id'),
  worker: async () => new (await import('node:worker_threads')).Worker('0', { eval: true }),
  network: async () => (await import('node:net')).connect(80, '127.0.0.1'),
  'name server': async () => (await import('node:dns/promises')).lookup('localhost'),
  fetch: () => fetch('http://127.0.0.1/'),
  socket: () => new WebSocket('ws://127.0.0.1/'),
  'built in by hand': () => process.getBuiltinModule('node:net'),
  binding: () => (process as unknown as { binding: (name: string) => unknown }).binding('tcp_wrap'),
  signal: () => process.kill(process.ppid, 0),
  'what our pipes are': () => new (process.stdin.constructor as new () => unknown)(),
  inspector: async () => (await import('node:inspector')).open(0),
  evaluation: () => new Function('return 1')(),
  database: async () => new (await import('node:sqlite')).DatabaseSync(':memory:')
}
