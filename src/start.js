// The front door.
import './lean-memory.js'
import './compile-cache.js'

const { start } = await import('./server.ts')
await start()
