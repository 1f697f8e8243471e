import type { FastifyRequest } from 'fastify'
import type { Static, TSchema } from 'typebox'
import type { Config } from '../config.ts'
import { Invalid } from '../errors.ts'
import type { App } from '../plugins/app-type.ts'
import { check } from '../plugins/validation.ts'
import { type Given, type Incoming, readIncoming } from './incoming.ts'
import { keepPage, keepText } from './keeping.ts'
import type { NewDocument } from './store.ts'

/** A text that is pasted comes whole; anything larger comes as a file. */
export const largestRequest = 4 * 1024 * 1024

/** What a form with files may have. */
export const limitsOf = ({ uploadMaxMb }: Config) => ({
  throwFileSizeLimit: false,
  limits: { fileSize: uploadMaxMb * 1e6, files: 20, fields: 10, fieldSize: largestRequest, parts: 30 }
})

export type Origin = Pick<NewDocument, 'origin' | 'source_url'>
type Wanted = { title?: string; text?: string; url?: string }

export async function discardAll(app: App, given: Given[]) {
  for (const { original } of given) await app.originals.discard(original.file)
}

/** What a request gives to the desk: files, or a text, or the address of a page; in a form or in JSON. */
export async function readGiven<Schema extends TSchema>(app: App, request: FastifyRequest, schema: Schema) {
  const { given, refused, fields } = await readBody(app, request)
  try {
    check(schema, fields)
    const asked = fields as Static<Schema>
    if (given.length + refused.length > 0)
      return { given, refused, asked, from: { origin: 'file', source_url: null } as Origin }
    const { only, from } = await keepOne(app, request, fields as Wanted)
    return { given: [only], refused, asked, from }
  } catch (error) {
    await discardAll(app, given)
    throw error
  }
}

async function readBody(app: App, request: FastifyRequest): Promise<Incoming> {
  if (request.isMultipart()) return readIncoming(request, app.originals, app.config.uploadMaxMb * 1e6)
  return { given: [], refused: [], fields: { ...(request.body as Incoming['fields']) } }
}

async function keepOne(
  app: App,
  { user }: FastifyRequest,
  { title, text, url }: Wanted
): Promise<{ only: Given; from: Origin }> {
  if (url) {
    const page = await app.savingPages(user.id, () => keepPage(app, url, title))
    return { only: page, from: { origin: 'page', source_url: page.url } }
  }
  if (text) return { only: await keepText(text, title, app.originals), from: { origin: 'text', source_url: null } }
  throw new Invalid({ fields: { file: 'Choose a file, paste some text, or give a web address.' } })
}
