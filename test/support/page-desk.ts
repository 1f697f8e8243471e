import { readdirSync, readFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { join } from 'node:path'
import type { Test } from 'tap'
import { PageRefused, webPages } from '../../src/documents/web-page/web-pages.ts'
import { temporaryFolder } from './carrel.ts'

export const story = '<!doctype html><title>Owls</title><p>Owls hunt at night.</p>'
const ownNames = { 'page.test': ['127.0.0.1'], 'other.test': ['127.0.0.1'] } as Record<string, string[]>

type Names = Record<string, string[]> | ((host: string) => string[])
type Desk = { allow?: string[]; mostBytes?: number; names?: Names; asked?: string[] }

/** Somebody who saves pages, where 127.0.0.1 counts as public unless a test says otherwise. */
export function desk(t: Test, { allow = ['127.0.0.1'], mostBytes = 100_000, names = ownNames, asked = [] }: Desk = {}) {
  const folder = temporaryFolder(t)
  const addressesOf = async (host: string) => {
    asked.push(host)
    return typeof names === 'function' ? names(host) : (names[host] ?? [])
  }
  const pages = webPages({ allow, mostBytes }, { addressesOf, interfaces: () => ({}) })
  let files = 0
  const nextFile = () => {
    files += 1
    return join(folder, `page-${files}`)
  }

  async function saves(url: string, signal?: AbortSignal) {
    const file = nextFile()
    const saved = await pages.save(url, file, signal)
    return { ...saved, file, content: readFileSync(file) }
  }

  /** The reason that a person is given. Whatever it is, no file stays behind. */
  async function refused(url: string) {
    const before = readdirSync(folder)
    const error = await pages.save(url, nextFile()).then(
      (saved) => t.fail(`${url} was saved`, { saved }),
      (error: unknown) => error
    )
    if (!(error instanceof PageRefused)) throw error
    t.same(readdirSync(folder), before, `no file of ${url}`)
    return error.message
  }

  return { folder, nextFile, save: pages.save, saves, refused }
}

export const html = { 'content-type': 'text/html' }
export const sends = (body: string | Buffer, headers: Record<string, string | string[]> = html, status = 200) => {
  return (_: unknown, response: ServerResponse) => void response.writeHead(status, headers).end(body)
}
export const leadsTo = (location: string, status = 302) => sends('', { location }, status)
