/** A line of text: where it begins, how high above the foot of the page it stands, how large it is. */
export type Line = { text: string; x?: number; y: number; size?: number }

export type Extras = {
  title?: string
  trailer?: string
  bookmarks?: string[]
  count?: number
  kids?: string
  objects?: (Buffer | string)[]
}

const latin = (text: string) => Buffer.from(text, 'latin1')
const written = (text: string) => `(${text.replaceAll(/[\\()]/g, '\\$&')})`

function contentOf(lines: Line[]): Buffer {
  const shown = lines.map(({ text, x = 72, y, size = 11 }) => `BT /F1 ${size} Tf ${x} ${y} Td ${written(text)} Tj ET`)
  return latin(shown.join('\n'))
}

/** A small writer of PDF files with letters of one Western font. */
export function pdf(
  pages: Line[][],
  { title = '', trailer = '', bookmarks = [], count = pages.length, kids, objects = [] }: Extras = {}
) {
  const all: Buffer[] = []
  const add = (...parts: (Buffer | string)[]) =>
    all.push(Buffer.concat(parts.map((part) => (Buffer.isBuffer(part) ? part : latin(part)))))
  const page = (at: number) => 5 + at * 2
  const first = page(pages.length)
  const own = pages.map((_, at) => `${page(at)} 0 R`).join(' ')

  add(`<< /Type /Catalog /Pages 2 0 R ${bookmarks.length > 0 ? `/Outlines ${first} 0 R` : ''} >>`)
  add(`<< /Type /Pages /Kids [${kids ?? own}] /Count ${count} >>`)
  add('<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>')
  add(`<< /Title ${written(title)} >>`)
  for (const [at, lines] of pages.entries()) {
    const content = contentOf(lines)
    add(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents ${page(at) + 1} 0 R >>`
    )
    add(`<< /Length ${content.length} >>\nstream\n`, content, '\nendstream')
  }
  if (bookmarks.length > 0) add(`<< /First ${first + 1} 0 R /Last ${first + bookmarks.length} 0 R >>`)
  for (const [at, bookmark] of bookmarks.entries()) {
    const next = at + 1 < bookmarks.length ? `/Next ${first + at + 2} 0 R` : ''
    add(`<< /Title ${written(bookmark)} /Parent ${first} 0 R /Dest [${page(0)} 0 R /Fit] ${next} >>`)
  }
  for (const object of objects) add(object)
  return assembled(all, trailer)
}

function assembled(objects: Buffer[], trailer: string): Buffer {
  const parts = [latin('%PDF-1.7\n%\xE2\xE3\xCF\xD3\n')]
  const offsets: number[] = []
  let at = parts[0]?.length ?? 0
  for (const [number, object] of objects.entries()) {
    const whole = Buffer.concat([latin(`${number + 1} 0 obj\n`), object, latin('\nendobj\n')])
    offsets.push(at)
    parts.push(whole)
    at += whole.length
  }
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`)
  const size = objects.length + 1
  parts.push(latin(`xref\n0 ${size}\n0000000000 65535 f \n${table.join('')}`))
  parts.push(latin(`trailer\n<< /Size ${size} /Root 1 0 R /Info 4 0 R ${trailer} >>\nstartxref\n${at}\n%%EOF\n`))
  return Buffer.concat(parts)
}

/** As a PDF is that asks for a password: nobody's key fits these. */
export const lockedTrailer = `/ID [<00112233445566778899AABBCCDDEEFF> <00112233445566778899AABBCCDDEEFF>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <${'11'.repeat(32)}> /U <${'22'.repeat(32)}> >>`
