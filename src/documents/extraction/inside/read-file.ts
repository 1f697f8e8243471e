import type { Format } from '../format.ts'
import type { Limits } from '../limits.ts'
import { Unreadable } from '../unreadable.ts'
import { openOutput } from './output.ts'
import { recognise } from './recognise.ts'

export type File = { bytes: Buffer; name: string; limits: Limits }
export type Found = { title?: string; pages?: number }

/** Finds out what a file is, says its text and answers with what it was. */
export async function readFile(file: File, say: (said: object) => void): Promise<Found & { format: Format }> {
  const output = openOutput(file.limits, say)
  const { format, read } = await recognise(file)
  const found = await read(output)
  if (output.blocks() === 0) throw new Unreadable(format === 'pdf' ? 'noTextInPdf' : 'noText')
  output.flush()
  return { format, ...found }
}
