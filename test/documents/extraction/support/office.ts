import { type Entry, zip } from './zip.ts'

const officeDocument = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const packageRelationships = 'http://schemas.openxmlformats.org/package/2006/relationships'
const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'

export const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

type Related = { id: string; type: string; target: string }

function relationships(related: Related[]) {
  const all = related.map(
    ({ id, type, target }) => `<Relationship Id="${id}" Type="${officeDocument}/${type}" Target="${target}"/>`
  )
  return `${head}<Relationships xmlns="${packageRelationships}">${all.join('')}</Relationships>`
}

const types = { name: '[Content_Types].xml', content: `${head}<Types/>` }
const core = (title: string) => ({
  name: 'docProps/core.xml',
  content: `${head}<cp:coreProperties xmlns:dc="d"><dc:title>${escaped(title)}</dc:title></cp:coreProperties>`
})
const root = (main: string) => ({
  name: '_rels/.rels',
  content: relationships([{ id: 'rId1', type: 'officeDocument', target: main }])
})

export const paragraph = (text: string, style = '') =>
  `<w:p>${style && `<w:pPr><w:pStyle w:val="${style}"/></w:pPr>`}<w:r><w:t xml:space="preserve">${escaped(text)}</w:t></w:r></w:p>`

const wordStyles = `${head}<w:styles><w:style w:styleId="Titel"><w:name w:val="Title"/></w:style>
<w:style w:styleId="berschrift2"><w:name w:val="heading 2"/></w:style>
<w:style w:styleId="Clause"><w:name w:val="Clause"/><w:basedOn w:val="berschrift2"/></w:style>
<w:style w:styleId="Circle"><w:name w:val="Circle"/><w:basedOn w:val="Circle"/></w:style></w:styles>`

export function docx(body: string, { title = '', footnotes = '', more = [] as Entry[] } = {}): Buffer {
  return zip([
    types,
    root('word/document.xml'),
    core(title),
    {
      name: 'word/_rels/document.xml.rels',
      content: relationships([
        { id: 'rId1', type: 'styles', target: 'styles.xml' },
        { id: 'rId2', type: 'footnotes', target: '/word/footnotes.xml' }
      ])
    },
    { name: 'word/styles.xml', content: wordStyles },
    { name: 'word/footnotes.xml', content: `${head}<w:footnotes>${footnotes}</w:footnotes>` },
    { name: 'word/document.xml', content: `${head}<w:document><w:body>${body}</w:body></w:document>` },
    ...more
  ])
}

export type Slide = { shapes: string; notes?: string }

export const shape = (text: string, placeholder = '') =>
  `<p:sp><p:nvSpPr><p:nvPr>${placeholder && `<p:ph type="${placeholder}"/>`}</p:nvPr></p:nvSpPr><p:txBody>${text
    .split('\n')
    .map((line) => `<a:p><a:r><a:t>${escaped(line)}</a:t></a:r></a:p>`)
    .join('')}</p:txBody></p:sp>`

/** The slides stand in the file in the opposite order, as they do after somebody moved them. */
export function pptx(slides: Slide[], title = ''): Buffer {
  const last = slides.length
  const ids = slides.map((_, at) => `<p:sldId id="${256 + at}" r:id="rId${last - at}"/>`)
  return zip([
    types,
    root('ppt/presentation.xml'),
    core(title),
    {
      name: 'ppt/presentation.xml',
      content: `${head}<p:presentation><p:sldIdLst>${ids.join('')}</p:sldIdLst></p:presentation>`
    },
    {
      name: 'ppt/_rels/presentation.xml.rels',
      content: relationships(
        slides.map((_, at) => ({ id: `rId${last - at}`, type: 'slide', target: `slides/slide${last - at}.xml` }))
      )
    },
    ...slides.flatMap(({ shapes, notes }, at) => [
      { name: `ppt/slides/slide${last - at}.xml`, content: `${head}<p:sld><p:cSld>${shapes}</p:cSld></p:sld>` },
      {
        name: `ppt/slides/_rels/slide${last - at}.xml.rels`,
        content: relationships(
          notes ? [{ id: 'rId9', type: 'notesSlide', target: `../notesSlides/notes${last - at}.xml` }] : []
        )
      },
      {
        name: `ppt/notesSlides/notes${last - at}.xml`,
        content: `${head}<p:notes>${shape(notes ?? '', 'body')}</p:notes>`
      }
    ])
  ])
}

export type Sheet = { name: string; rows: string; state?: string }

const cellFormats = `<numFmts><numFmt numFmtId="164" formatCode="dd\\.mm\\.yyyy"/></numFmts>
<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="9"/><xf numFmtId="164"/><xf numFmtId="22"/></cellXfs>`

export function xlsx(sheets: Sheet[], strings: string[] = []): Buffer {
  const named = sheets.map(
    ({ name, state }, at) =>
      `<sheet name="${escaped(name)}" sheetId="${at + 1}" r:id="rId${at + 1}"${state ? ` state="${state}"` : ''}/>`
  )
  return zip([
    types,
    root('xl/workbook.xml'),
    { name: 'xl/workbook.xml', content: `${head}<workbook><sheets>${named.join('')}</sheets></workbook>` },
    {
      name: 'xl/_rels/workbook.xml.rels',
      content: relationships([
        ...sheets.map((_, at) => ({ id: `rId${at + 1}`, type: 'worksheet', target: `worksheets/sheet${at + 1}.xml` })),
        { id: 'strings', type: 'sharedStrings', target: 'sharedStrings.xml' },
        { id: 'styles', type: 'styles', target: 'styles.xml' }
      ])
    },
    { name: 'xl/styles.xml', content: `${head}<styleSheet>${cellFormats}</styleSheet>` },
    {
      name: 'xl/sharedStrings.xml',
      content: `${head}<sst>${strings.map((text) => `<si><t>${escaped(text)}</t></si>`).join('')}</sst>`
    },
    ...sheets.map(({ rows }, at) => ({
      name: `xl/worksheets/sheet${at + 1}.xml`,
      content: `${head}<worksheet><sheetData>${rows}</sheetData></worksheet>`
    }))
  ])
}

export function odt(text: string, { title = '', styles = '', more = [] as Entry[] } = {}): Buffer {
  return zip([
    { name: 'mimetype', content: 'application/vnd.oasis.opendocument.text', stored: true },
    {
      name: 'content.xml',
      content: `${head}<office:document-content><office:automatic-styles>${styles}</office:automatic-styles><office:body><office:text>${text}</office:text></office:body></office:document-content>`
    },
    {
      name: 'meta.xml',
      content: `${head}<office:document-meta><office:meta><dc:title>${escaped(title)}</dc:title></office:meta></office:document-meta>`
    },
    ...more
  ])
}

export type Chapter = { file: string; body: string }

/** A book whose chapters are read in the order given and lie in it in another. */
export function epub(chapters: Chapter[], { title = '', more = [] as Entry[] } = {}): Buffer {
  const items = chapters.map(({ file }, at) => `<item id="c${at}" href="${encodeURI(file)}"/>`).toReversed()
  const spine = chapters.map((_, at) => `<itemref idref="c${at}"/>`)
  return zip([
    { name: 'mimetype', content: 'application/epub+zip', stored: true },
    {
      name: 'META-INF/container.xml',
      content: `${head}<container><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>`
    },
    {
      name: 'OEBPS/book.opf',
      content: `${head}<package><metadata><dc:title>${escaped(title)}</dc:title></metadata><manifest>${items.join('')}</manifest><spine>${spine.join('')}</spine></package>`
    },
    ...chapters.toReversed().map(({ file, body }) => ({
      name: `OEBPS/${file}`,
      content: `${head}<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" "xhtml11.dtd"><html><head><title>x</title></head><body>${body}</body></html>`
    })),
    ...more
  ])
}
