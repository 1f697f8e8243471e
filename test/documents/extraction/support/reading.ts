import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'
import {
  type Extracted,
  type Limits,
  openExtraction,
  Unreadable
} from '../../../../src/documents/extraction/extraction.ts'

/** Files on disk, and the reading of them, until the test is over. */
export function startReading(t: Test, limits: Partial<Limits> = {}, program?: string) {
  const folder = mkdtempSync(join(tmpdir(), 'carrel-reading-'))
  const extraction = openExtraction(limits, program)
  let files = 0
  t.teardown(async () => {
    await extraction.close()
    rmSync(folder, { recursive: true })
  })

  function saved(content: Buffer | string): string {
    files += 1
    const file = join(folder, String(files))
    writeFileSync(file, content)
    return file
  }

  async function reads(content: Buffer | string, name: string, desk?: string): Promise<Extracted> {
    return extraction.extract(saved(content), name, desk)
  }

  /** What the person is told; an error that is not meant for a person is thrown on. */
  async function refuses(content: Buffer | string, name: string): Promise<string> {
    try {
      const { format, blocks } = await reads(content, name)
      return `It was read as ${format}: ${blocks[0]?.text}`
    } catch (error) {
      if (error instanceof Unreadable) return error.message
      throw error
    }
  }

  return { extraction, folder, saved, reads, refuses }
}

/** Blocks as a person would write them down: `2 ## Heading` is a heading of the second level on page 2. */
export const shown = ({ blocks }: Extracted) =>
  blocks.map(({ text, heading, page }) => [page, heading && '#'.repeat(heading), text].filter(Boolean).join(' '))
