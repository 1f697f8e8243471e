import { lock } from './lock.ts'

lock()
// What reads files is loaded after the doors are shut, so that nothing of it can have passed them.
const { serve } = await import('./serve.ts')
await serve()
