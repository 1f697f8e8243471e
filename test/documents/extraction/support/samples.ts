import { docx, epub, odt, paragraph, pptx, shape, xlsx } from './office.ts'
import { pdf } from './pdf.ts'

const letter = `From: Ann Arbor <ann@example.com>
To: bob@example.com
Date: Tue, 3 Nov 2026 10:20:30 +0100
Subject: The lease
Content-Type: text/plain; charset=utf-8

The rent is due on the first of May.
`

const text = 'The rent is due on the first of May.'
const cell = '<row><c t="inlineStr"><is><t>The rent is due on the first of May.</t></is></c></row>'

/** One small good file of each format, all of which say the same. */
export const samples = {
  txt: Buffer.from(`${text}\n`),
  md: Buffer.from(`# Lease\n\n${text}\n`),
  html: Buffer.from(`<!doctype html><title>Lease</title><h1>Lease</h1><p>${text}</p>`),
  csv: Buffer.from(`what,when\n"${text}",May\n`),
  eml: Buffer.from(letter),
  pdf: pdf([[{ text, y: 700 }], [{ text: 'The second page.', y: 700 }]]),
  docx: docx(paragraph('Lease', 'berschrift2') + paragraph(text)),
  odt: odt(`<text:h text:outline-level="1">Lease</text:h><text:p>${text}</text:p>`),
  pptx: pptx([{ shapes: shape('Lease', 'title') + shape(text) }]),
  xlsx: xlsx([{ name: 'Lease', rows: cell }]),
  epub: epub([{ file: 'one.xhtml', body: `<h1>Lease</h1><p>${text}</p>` }])
}

export type Sample = keyof typeof samples
export const sampleNames = Object.keys(samples) as Sample[]
