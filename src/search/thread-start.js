// Where a thread begins: like the server's front door, it asks for the compile cache before the first TypeScript is read.
import '../compile-cache.js'
import { workerData } from 'node:worker_threads'

await import(workerData.file)
