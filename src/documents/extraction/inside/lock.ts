import { isBuiltin, registerHooks } from 'node:module'

const needed = new Set([
  'buffer',
  'events',
  'fs',
  'fs/promises',
  'path',
  'stream',
  'string_decoder',
  'url',
  'util',
  'zlib'
])

const ways = ['fetch', 'WebSocket', 'EventSource', 'BroadcastChannel', 'Worker']
const powers = [
  ...['binding', '_linkedBinding', 'getBuiltinModule', 'dlopen', 'kill', '_kill', '_debugProcess', 'report'],
  // What these are made of could be made to connect elsewhere.
  ...['stdin', 'stdout', 'stderr', 'openStdin']
]

/**
 * Shuts what Node's own permissions leave open: the network, other processes, and the modules that lead to them. It is
 * the second lock: what reads a file is JavaScript that does not run what it reads.
 */
export function lock() {
  registerHooks({
    resolve(specifier, context, next) {
      if (isBuiltin(specifier) && !needed.has(specifier.replace(/^node:/, '')))
        throw new Error(`${specifier} is not for reading files`)
      return next(specifier, context)
    }
  })
  for (const way of ways) Reflect.deleteProperty(globalThis, way)
  for (const power of powers) Object.defineProperty(process, power, { value: undefined })
  for (const say of Object.keys(console)) Object.defineProperty(console, say, { value: () => {} })
}
