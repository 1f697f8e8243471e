// The front door.
import './compile-cache.js'

const { start } = await import('./server.ts')
await start()
