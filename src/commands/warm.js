// Runs once after an installation: reads whatever a start reads, so that the first start finds it made already.
import '../compile-cache.js'
import { readdirSync } from 'node:fs'
import { flushCompileCache } from 'node:module'
import { join } from 'node:path'

const migrations = join(import.meta.dirname, '../../migrations')
await import('../server.ts')
for (const file of readdirSync(migrations)) await import(join(migrations, file))
flushCompileCache()
