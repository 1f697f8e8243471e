// A thread for tests: it answers, fails or dies as it is told.
import { parentPort, workerData } from 'node:worker_threads'

parentPort?.on('message', ({ id, say }: { id: number; say: string }) => {
  if (say === 'die') process.exit(3)
  if (say === 'throw') throw new Error('it threw')
  if (say === 'fail') parentPort?.postMessage({ id, error: 'it failed' })
  else if (say !== 'nothing') parentPort?.postMessage({ id, result: `${workerData.given} ${say}` })
})
