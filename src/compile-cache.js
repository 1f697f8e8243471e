// Keeps what Node makes of the TypeScript, so that the next start is quicker and takes less memory; plain JavaScript,
// because that has to be asked for before the first file of TypeScript is read.
import { enableCompileCache } from 'node:module'
import { join } from 'node:path'

enableCompileCache(join(import.meta.dirname, '../node_modules/.cache/carrel'))
