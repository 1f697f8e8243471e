import { fairTurns } from '../../accounts/turns.ts'
import type { Extracted } from './format.ts'
import { type Content, openFile } from './hand-over.ts'
import { type Limits, usual } from './limits.ts'
import { ownProgram } from './process.ts'
import type { Reader } from './reader.ts'
import { keepReaders } from './readers.ts'
import { Unreadable } from './unreadable.ts'

export type { Block, Extracted, Format } from './format.ts'
export type { Limits } from './limits.ts'
export { Unreadable } from './unreadable.ts'

/**
 * Files become text in processes of their own, which a hostile file can hurt and nothing else. A process is kept for
 * the next file of the same desk and reads for no other; whoever waits is served in fair turns.
 */
export function openExtraction(given: Partial<Limits> = {}, program = ownProgram) {
  const limits = { ...usual, ...given }
  const inTurn = fairTurns(limits.atOnce, Number.POSITIVE_INFINITY)
  const readers = keepReaders(program, limits)

  async function readBy(reader: Reader, content: Content, desk: string): Promise<Extracted> {
    try {
      const read = await reader.read(content)
      if (read instanceof Unreadable) throw read
      return read
    } finally {
      await readers.rest(reader, desk)
    }
  }

  async function read(file: string, name: string, desk: string): Promise<Extracted> {
    const content = await openFile(file, name, limits)
    try {
      return await readBy(await readers.take(desk), content, desk)
    } finally {
      await content.close()
    }
  }

  /** `name` is what the person calls the file, `desk` whose it is: a workspace. */
  async function extract(file: string, name: string, desk = ''): Promise<Extracted> {
    return inTurn(desk, () => read(file, name, desk))
  }

  /** What is being read is given up; that is no fault of its own, so what is thrown is not `Unreadable`. */
  return { extract, close: readers.close }
}

export type Extraction = ReturnType<typeof openExtraction>
