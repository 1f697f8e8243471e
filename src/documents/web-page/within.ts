import { PageRefused } from './refused.ts'

/** Work with a time limit. What it has tied to its signal ends with it, however it ends. */
export async function within<Result>(ms: number, outer: AbortSignal, work: (ends: AbortSignal) => Promise<Result>) {
  outer.throwIfAborted()
  const limit = new AbortController()
  let late = false
  const timer = setTimeout(() => {
    late = true
    limit.abort()
  }, ms)
  const follow = () => limit.abort(outer.reason)
  outer.addEventListener('abort', follow)
  try {
    return await work(limit.signal)
  } catch (error) {
    outer.throwIfAborted()
    throw late ? new PageRefused('This page took too long to arrive.', { cause: error }) : error
  } finally {
    clearTimeout(timer)
    outer.removeEventListener('abort', follow)
    limit.abort()
  }
}
