import { basename } from 'node:path'
import type { MultipartFile, MultipartValue } from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import { Invalid, Refusal, TooLarge } from '../errors.ts'
import type { Original, Originals } from './originals.ts'

const longestTitle = 300

export type Given = { title: string; original: Original }
export type Refused = { title: string; why: string; refusal: Refusal }
export type Incoming = { given: Given[]; refused: Refused[]; fields: Record<string, string> }

/** Any text as a title: without what a title may not have, and no longer than one may be. */
export function asTitle(text: string): string {
  const plain = text.replaceAll(/[\p{Cc}\p{Cs}\u202A-\u202E\u2066-\u2069]/gu, ' ')
  return [...plain.normalize('NFC').trim()].slice(0, longestTitle).join('').trim() || 'Without a name'
}

/** What a file is called, without the path that some browsers send along. */
const baseName = (fileName: string) => basename(fileName.replaceAll('\\', '/'))

/** Takes the files of a form to the disk as they come, one after the other, and the fields beside them. */
export async function readIncoming(
  request: FastifyRequest,
  originals: Originals,
  mostBytes: number
): Promise<Incoming> {
  const incoming: Incoming = { given: [], refused: [], fields: {} }
  try {
    for await (const part of request.parts()) {
      if (part.type === 'file') await takeFile(part, incoming, originals, mostBytes)
      else takeField(part, incoming)
    }
    return incoming
  } catch (error) {
    for (const { original } of incoming.given) await originals.discard(original.file)
    // Whatever is wrong with the form itself has no code, unlike what is wrong with the disk.
    const known = error instanceof Refusal || (error as { code?: string }).code
    throw known ? error : new Invalid({ message: 'These files did not arrive whole. Send them again.' })
  }
}

function takeField({ fieldname, value, valueTruncated }: MultipartValue, { fields }: Incoming) {
  if (valueTruncated) throw new TooLarge()
  if (typeof value === 'string') fields[fieldname] = value
}

async function takeFile(
  { filename, file }: MultipartFile,
  incoming: Incoming,
  originals: Originals,
  mostBytes: number
) {
  const title = asTitle(baseName(filename ?? ''))
  const original = await originals.keep(file)
  const refusal = refusalOf(file.truncated, original.bytes, mostBytes)
  if (!refusal) return void incoming.given.push({ title, original })
  await originals.discard(original.file)
  // A form whose field was left empty sends a file without a name and without anything in it.
  if (filename) incoming.refused.push({ title, why: refusal.message, refusal })
}

function refusalOf(truncated: boolean, bytes: number, mostBytes: number): Refusal | undefined {
  const most = `${Math.floor(mostBytes / 1e6)} MB`
  if (truncated) return new TooLarge({ message: `This is larger than ${most}, which is the most a file may have.` })
  return bytes === 0 ? new Invalid({ fields: { file: 'There is nothing in this file.' } }) : undefined
}
