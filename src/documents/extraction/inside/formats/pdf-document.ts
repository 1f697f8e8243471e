import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { getDocument, type PDFDocumentProxy, VerbosityLevel } from 'pdfjs-dist/legacy/build/pdf.mjs'
import 'pdfjs-dist/legacy/build/pdf.worker.mjs'
import { Unreadable } from '../../unreadable.ts'

const folder = fileURLToPath(new URL('../../cmaps/', import.meta.resolve('pdfjs-dist/legacy/build/pdf.mjs')))
const mapName = /^[\w-]+\.bcmap$/
const tail = 64 * 1024

/** The tables by which Chinese, Japanese and Korean letters are known; nothing else is fetched for a document. */
class CharacterMaps {
  async fetch({ kind, filename }: { kind: string; filename: string }) {
    if (kind !== 'cMapUrl' || !mapName.test(filename)) throw new Error(`${filename} is not fetched`)
    return new Uint8Array(await readFile(folder + filename))
  }
}

/** A file that was cut off has lost what every PDF ends with. What is left would be read as if it were all. */
const isWhole = (bytes: Buffer) => /startxref|%%EOF/.test(bytes.toString('latin1', Math.max(0, bytes.length - tail)))

/** Opens a PDF for its text alone: no fonts are drawn, no pictures decoded, nothing in it run. */
export async function openPdf(bytes: Buffer): Promise<PDFDocumentProxy> {
  if (!isWhole(bytes)) throw new Unreadable('damaged')
  const task = getDocument({
    data: new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length),
    verbosity: VerbosityLevel.ERRORS,
    cMapUrl: folder,
    cMapPacked: true,
    BinaryDataFactory: CharacterMaps,
    useWorkerFetch: false,
    useSystemFonts: false,
    disableFontFace: true,
    useWasm: false,
    enableXfa: false
  })
  try {
    return await task.promise
  } catch (error) {
    await task.destroy()
    throw new Unreadable(error instanceof Error && error.name === 'PasswordException' ? 'pdfPassword' : 'damaged')
  }
}
