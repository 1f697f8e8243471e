import { MIMEType } from 'node:util'

const unknown = 'application/octet-stream'

const readable = [
  /^text\/[\w.+-]{1,60}$/,
  /^application\/(xhtml\+xml|xml|pdf|epub\+zip|octet-stream)$/,
  /^application\/vnd\.openxmlformats-officedocument\.(wordprocessingml\.document|presentationml\.presentation|spreadsheetml\.sheet)$/,
  /^application\/vnd\.oasis\.opendocument\.text$/,
  /^message\/rfc822$/,
  /^binary\/octet-stream$/
]

/** The encoding by its usual name, or nothing if there is no such encoding. */
function encoding(charset: string | null): string | undefined {
  try {
    return charset ? new TextDecoder(charset).encoding : undefined
  } catch {
    return undefined
  }
}

/** The type and encoding that were declared; undefined where Carrel cannot read such a type. */
export function contentTypeOf(header = unknown): string | undefined {
  const type = parsed(header)
  if (!readable.some((kind) => kind.test(type.essence))) return undefined
  const charset = encoding(type.params.get('charset'))
  return charset ? `${type.essence};charset=${charset}` : type.essence
}

/** What makes no sense is left to be told by the content. */
function parsed(header: string): MIMEType {
  try {
    return new MIMEType(header)
  } catch {
    return new MIMEType(unknown)
  }
}
