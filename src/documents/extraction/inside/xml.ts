import { Parser } from 'htmlparser2'
import { Unreadable } from '../unreadable.ts'

export type Attributes = Record<string, string>

/** Called with names as they are without their prefix, which every program chooses for itself. */
export type Walk = {
  open?: (name: string, attributes: Attributes) => void
  close?: (name: string) => void
  text?: (text: string) => void
}

const local = (name: string) => name.slice(name.indexOf(':') + 1)

/** The attribute of that name, whatever its prefix; `r:id` is another one than `id`. */
export function attribute(attributes: Attributes, name: string): string | undefined {
  if (Object.hasOwn(attributes, name)) return attributes[name]
  for (const key in attributes) if (local(key) === name) return attributes[key]
}

/** UTF-16 says so by its first two bytes; everything else that an office writes is UTF-8. */
function decoderFor(first: Buffer) {
  const utf16 = { 65279: 'utf-16be', 65534: 'utf-16le' }[first.length > 1 ? first.readUInt16BE() : 0]
  return new TextDecoder(utf16 ?? 'utf-8')
}

/**
 * Walks through XML as it comes, keeping nothing but the names it stands in. Entities that a document defines are never
 * expanded, and nothing outside it is ever fetched: a document that tries is refused.
 */
export async function walkXml(chunks: AsyncIterable<Buffer>, depth: number, walk: Walk) {
  let inside = 0
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        inside += 1
        if (inside > depth) throw new Unreadable('depth')
        walk.open?.(local(name), attributes)
      },
      onclosetag(name) {
        inside -= 1
        walk.close?.(local(name))
      },
      ontext: (text) => walk.text?.(text),
      onprocessinginstruction(name, declared) {
        if (name.toLowerCase() === '!doctype' && declared.includes('[')) throw new Unreadable('ownMarkup')
      }
    },
    { xmlMode: true }
  )
  let decoder: ReturnType<typeof decoderFor> | undefined
  for await (const chunk of chunks) {
    decoder ??= decoderFor(chunk)
    parser.write(decoder.decode(chunk, { stream: true }))
  }
  if (inside > 0) throw new Unreadable('damaged')
  parser.end()
}
