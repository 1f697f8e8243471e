import type { Readable, Writable } from 'node:stream'
import type { Block, Extracted } from './format.ts'
import { framesOf, TooLong } from './frames.ts'
import type { Content } from './hand-over.ts'
import { type Limits, longestFrame } from './limits.ts'
import { startProcess } from './process.ts'
import { residentBytes } from './resident.ts'
import { understand } from './said.ts'
import { type Reason, Unreadable } from './unreadable.ts'
import { watch } from './watch.ts'

/** Why a process ended by itself, as far as that can be told from outside. */
function reasonOf(code: number | null, signal: NodeJS.Signals | null): Reason {
  if (signal === 'SIGXCPU') return 'time'
  if (signal === 'SIGABRT' || signal === 'SIGKILL' || code === 134) return 'memory'
  return 'failed'
}

/** One process that reads files, one after the other, until one of them is too much for it. */
export function startReader(program: string, limits: Limits) {
  const child = startProcess(program, limits)
  const listening = child.stdin as Writable
  const speaking = child.stdio[3] as Readable
  const frames = framesOf(speaking, longestFrame)
  const gone = new AbortController()
  let stopped: Error | undefined
  let alive = true
  let spent = 0
  let files = 0

  const ended = new Promise<Reason>((resolve) => {
    child.once('exit', (code, signal) => {
      alive = false
      resolve(reasonOf(code, signal))
    })
    child.once('error', (error) => {
      stopped ??= error
      resolve('failed')
    })
  })
  child.once('close', () => gone.abort())
  listening.on('error', () => gone.abort())
  speaking.on('error', () => gone.abort())

  function stop(why: Error) {
    stopped ??= why
    child.kill('SIGKILL')
  }

  async function nextFrame(): Promise<Buffer> {
    const next = await frames.next().catch((error) => {
      if (error instanceof TooLong) throw error
    })
    if (next?.value) return next.value
    throw new Unreadable(await ended)
  }

  async function listen(): Promise<Extracted | Unreadable> {
    const blocks: Block[] = []
    let characters = 0
    for (;;) {
      const said = understand(await nextFrame())
      if ('unreadable' in said) return new Unreadable(said.unreadable, said.where)
      if ('format' in said) return { ...said, blocks }
      for (const block of said.blocks) {
        blocks.push(block)
        characters += block.text.length
      }
      if (characters > limits.characters) throw new Unreadable('characters')
      if (blocks.length > limits.blocks) throw new Unreadable('blocks')
    }
  }

  /** The text of a file, or why it has none that can be had; throws when it was too much. */
  async function read(content: Content): Promise<Extracted | Unreadable> {
    const begun = performance.now()
    const unwatch = watch(child.pid ?? 0, limits, (why) => stop(new Unreadable(why)))
    try {
      const handed = content.to(listening, gone.signal).catch(stop)
      const heard = await listen()
      await handed
      if (stopped) throw stopped
      // What was not foreseen may have left something behind that the next file would meet.
      if (heard instanceof Unreadable && heard.cause) stop(heard)
      return heard
    } catch (error) {
      stop(error instanceof Unreadable ? error : new Unreadable('failed'))
      throw stopped
    } finally {
      unwatch()
      files += 1
      spent += performance.now() - begun
    }
  }

  async function end() {
    stop(new Error('The reading of files was ended.'))
    await ended
  }

  /** Ended, or too many files, too much time or too much memory gone for another file to begin afresh here. */
  async function tired() {
    if (stopped || !alive || files >= limits.filesPerProcess || spent >= limits.milliseconds) return true
    return (await residentBytes(child.pid ?? 0)) > limits.memory / 2
  }

  return { read, end, tired, alive: () => alive }
}

export type Reader = ReturnType<typeof startReader>
