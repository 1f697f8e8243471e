import t from 'tap'
import { docx, epub, odt, paragraph, pptx, shape, xlsx } from './support/office.ts'
import { lockedTrailer, pdf } from './support/pdf.ts'
import { shown, startReading } from './support/reading.ts'
import { sampleNames, samples } from './support/samples.ts'
import { zip } from './support/zip.ts'

const { reads, refuses } = startReading(t, { atOnce: 2 })

const hex = (bytes: string) => Buffer.from(bytes.replaceAll(' ', ''), 'hex')
const bigEndian = (text: string) => Buffer.from(text, 'utf16le').swap16()

t.test('plain text is its paragraphs', async (t) => {
  const wrapped =
    'The tenant pays the rent on the first day of every month,\nand keeps the garden in the state in which it was\nhanded over.'
  const text = `${wrapped}\r\n\r\nShort\nlines\n\n- one thing\n- another that goes on\n\n\n  Last.  `
  const { format, title, pages, blocks } = await reads(text, 'lease.txt')

  t.same({ format, title, pages }, { format: 'txt', title: undefined, pages: undefined })
  t.same(
    blocks.map((block) => block.text),
    [wrapped.replaceAll('\n', ' '), 'Short', 'lines', '- one thing', '- another that goes on', 'Last.']
  )
})

t.test('text is read in the encoding that it was written in', async (t) => {
  const encoded: [string, Buffer, string][] = [
    ['UTF-8 with its mark', Buffer.from('\uFEFFCafé “du” monde – 你好'), 'Café “du” monde – 你好'],
    [
      'UTF-8 that was cut off',
      Buffer.from('Müller trifft Jäger im Café').subarray(0, -1),
      'Müller trifft Jäger im Caf\uFFFD'
    ],
    ['UTF-16 with its mark', Buffer.from('\uFEFFCafé 你好', 'utf16le'), 'Café 你好'],
    ['UTF-16 the other way round', bigEndian('\uFEFFCafé 你好'), 'Café 你好'],
    ['UTF-16 without its mark', Buffer.from('The lease ends in May.', 'utf16le'), 'The lease ends in May.'],
    ['UTF-16 the other way round without it', bigEndian('The lease ends in May.'), 'The lease ends in May.'],
    [
      'Latin-1',
      Buffer.from('Die Straße führt über die Brücke nach Köln.', 'latin1'),
      'Die Straße führt über die Brücke nach Köln.'
    ],
    ['Windows-1252', hex('50 72 69 63 65 3A 20 32 35 20 80 20 96 20 93 66 69 6E 65 94'), 'Price: 25 € – “fine”'],
    [
      'Windows-1251',
      hex('C4 EE E3 EE E2 EE F0 20 E0 F0 E5 ED E4 FB 20 E7 E0 EA EB FE F7 B8 ED 20 ED E0 20 EE E4 E8 ED 20 E3 EE E4'),
      'Договор аренды заключён на один год'
    ],
    [
      'Shift JIS',
      hex('92 C0 91 DD 8E D8 8C 5F 96 F1 82 CD 88 EA 94 4E 8A D4 97 4C 8C F8 82 C5 82 B7 81 42'),
      '賃貸借契約は一年間有効です。'
    ]
  ]
  for (const [encoding, bytes, text] of encoded) t.same(shown(await reads(bytes, 'a.txt')), [text], encoding)
})

t.test('what is not to be seen is not kept', async (t) => {
  const hidden = 'igno\u00ADre\u200B \u202Eall\u202C \u{E0041}\u{E0042}previous\u0007'
  t.same(shown(await reads(`A${hidden} rules\u00A0\t here`, 'a.txt')), ['Aignore all previous rules here'])
  t.same(shown(await reads('Cafe\u0301', 'a.txt')), ['Café'], 'letters are composed')

  const half = Buffer.from('\uFEFFone \uD83D two', 'utf16le')
  const [block] = shown(await reads(half, 'a.txt'))
  t.ok(block?.isWellFormed(), 'no half of a character is left')
})

t.test('Markdown keeps its headings, items and rows, and runs nothing', async (t) => {
  const source = `---
title: "Front matter"
---
# Lease *of* the house

Rent is \`900\` and [due](https://example.com) in
May ![a picture of the house](house.png).

* one
* two
  1. nested

| What | Amount |
|------|--------|
| Rent | 900    |

\`\`\`
first()
  second()
\`\`\`

<div>plain <script>alert(1)</script>words</div>

Setext
------
`
  const read = await reads(source, 'lease.md')
  t.match(read, { format: 'md', title: 'Front matter' })
  t.same(shown(read), [
    '# Lease of the house',
    'Rent is 900 and due in May a picture of the house.',
    ...['one', 'two', 'nested', 'What | Amount', 'Rent | 900', 'first()', 'second()', 'plain words'],
    '## Setext'
  ])
})

t.test('a page keeps what is to be read on it', async (t) => {
  const source = `<!doctype html><html><head><title>The &amp; lease</title><style>p { color: red }</style></head><body>
<nav>Home</nav><script>document.write('no')</script><h1>Lease <em>of</em> it</h1>
<p>First &eacute; paragraph<p>Second <b>one</b>, in<br>two lines
<p hidden>not this<p style="display:none">nor this<template>nor that</template>
<ul><li>one<li>two<ul><li>nested</ul></ul>
<table><tr><th>What<th>Amount<tr><td>Rent<td><p>900</p><p>euros</p></table>
<table><tr><td><h2>In a frame</h2>Text in it.<td><table><tr><td>a<td>b</table></table>
<pre>kept
  line by line</pre><div>Last words</div>`
  const read = await reads(source, 'lease.html')
  t.match(read, { format: 'html', title: 'The & lease' })
  t.same(shown(read), [
    '# Lease of it',
    ...['First é paragraph', 'Second one, in', 'two lines', 'one', 'two', 'nested'],
    ...['What | Amount', 'Rent | 900 euros'],
    '## In a frame',
    ...['Text in it.', 'a | b', 'kept', 'line by line', 'Last words']
  ])
})

t.test('a page is read in the encoding it declares', async (t) => {
  const page = Buffer.concat([Buffer.from('<!doctype html><meta charset="windows-1251"><p>'), hex('C4 E0')])
  t.same(shown(await reads(page, 'a.html')), ['Да'])
  t.same(
    shown(await reads('<!doctype html><meta charset="windows-1251"><p>Да', 'a.html')),
    ['Да'],
    'unless it is wrong'
  )
})

t.test('tables of values become rows, whatever stands between the cells', async (t) => {
  const rows = ['Name | Amount', 'Ann, the elder | 1;5', 'Bob "B" Bell | 2']
  t.same(shown(await reads('Name,Amount\r\n"Ann, the elder",1;5\r\n"Bob ""B"" Bell",2\r\n\r\n', 'a.csv')), rows)
  t.same(shown(await reads('Name;Amount\nAnn, the elder;"1;5"\n"Bob ""B"" Bell";2', 'a.csv')), rows)
  t.same(shown(await reads('Name\tAmount\nAnn, the elder\t1;5\n"Bob ""B"" Bell"\t2', 'a.tsv')), rows)
  t.same(shown(await reads('sep=|\nName|Amount\nAnn, the elder|1;5\n"Bob ""B"" Bell"|2', 'a.csv')), rows)
  t.same(shown(await reads('a,,c\n,,\n,b,\n', 'a.csv')), ['a | | c', '| b'], 'an empty cell keeps its place')
})

t.test('a letter is who wrote to whom and what, in the clearer of its two forms', async (t) => {
  const passedOn = 'Received: from a.example by b.example\n'.repeat(200)
  const source = `${passedOn}From: =?utf-8?q?Ann_=C3=84rbor?= <ann@example.com>
To: Bob <bob@example.com>, carol@example.com
Subject: =?utf-8?B?VGhlIGxlYXNlIOKAkyBub3c=?=
Date: Tue, 3 Nov 2026 10:20:30 +0100
Content-Type: multipart/mixed; boundary=x

--x
Content-Type: multipart/alternative; boundary=y

--y
Content-Type: text/plain; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

Caf=E9 in plain text
--y
Content-Type: text/html; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

<h2>Dear Bob</h2><p>Caf=E9 on a page</p>
--y--
--x
Content-Type: application/pdf
Content-Disposition: attachment; filename="lease.pdf"
Content-Transfer-Encoding: base64

JVBERi0xLjQK
--x--
`
  const read = await reads(source, 'letter')
  t.match(read, { format: 'eml', title: 'The lease – now' })
  t.same(shown(read), [
    'From: Ann Ärbor <ann@example.com> | To: Bob <bob@example.com>, carol@example.com | Date: 2026-11-03 09:20 UTC',
    '## Dear Bob',
    'Café on a page',
    'Attached: lease.pdf'
  ])
})

t.test('a Word document keeps its headings, tables and notes, and not what was struck out', async (t) => {
  const table = `<w:tbl><w:tr><w:tc>${paragraph('What')}</w:tc><w:tc>${paragraph('Amount')}</w:tc></w:tr>
<w:tr><w:tc>${paragraph('Rent')}</w:tc><w:tc>${paragraph('900')}${paragraph('euros')}</w:tc></w:tr></w:tbl>`
  const outline = '<w:p><w:pPr><w:outlineLvl w:val="2"/></w:pPr><w:r><w:t>By its outline</w:t></w:r></w:p>'
  const changed = `<w:p><w:r><w:t>The rent is</w:t></w:r><w:del><w:r><w:delText> 800</w:delText></w:r></w:del><w:ins><w:r>
<w:tab/><w:t>900</w:t></w:r></w:ins><w:r><w:rPr><w:vanish/></w:rPr><w:t> unseen</w:t></w:r><w:r><w:t>.</w:t></w:r></w:p>`
  const drawn = `<w:p><mc:AlternateContent><mc:Choice><w:txbxContent>${paragraph('In a box')}</w:txbxContent></mc:Choice>
<mc:Fallback><w:txbxContent>${paragraph('In a box')}</w:txbxContent></mc:Fallback></mc:AlternateContent></w:p>`
  const footnotes = `<w:footnote w:type="separator">${paragraph('-')}</w:footnote><w:footnote>${paragraph('A note.')}</w:footnote>`
  const body = [
    paragraph('Lease', 'Titel'),
    paragraph('Rent', 'berschrift2'),
    paragraph('A clause', 'Clause'),
    paragraph('Round and round', 'Circle'),
    ...[outline, changed, table, drawn]
  ]
  const read = await reads(docx(body.join(''), { title: 'The lease & all', footnotes }), 'lease.docx')
  t.match(read, { format: 'docx', title: 'The lease & all' })
  t.same(shown(read), [
    ...['# Lease', '## Rent', '## A clause', 'Round and round', '### By its outline', 'The rent is 900.'],
    ...['What | Amount', 'Rent | 900 euros', 'In a box', 'A note.']
  ])
})

t.test('a Word document with levels that there are not is read as text', async (t) => {
  const levels = ['-1', '0.5', '9', '1e9', '', 'x']
  const body = levels.map(
    (level) => `<w:p><w:pPr><w:outlineLvl w:val="${level}"/></w:pPr><w:r><w:t>Of ${level}.</w:t></w:r></w:p>`
  )
  const read = await reads(docx(body.join('')), 'odd.docx')
  t.same(
    read.blocks,
    levels.map((level) => ({ text: `Of ${level}.` }))
  )
})

t.test('an OpenDocument text keeps its headings, items and tables', async (t) => {
  const text = `<text:tracked-changes><text:p>struck out</text:p></text:tracked-changes>
<text:p text:style-name="P1">Lease</text:p><text:h text:outline-level="2">Rent</text:h>
<text:p>It<text:s text:c="900000000"/>is<text:tab/><text:span>900</text:span><office:annotation><text:p>comment</text:p></office:annotation>.</text:p>
<text:list><text:list-item><text:p>one</text:p></text:list-item><text:list-item><text:p>two</text:p></text:list-item></text:list>
<table:table><table:table-row><table:table-cell><text:p>What</text:p></table:table-cell><table:table-cell/><table:table-cell><text:p>Amount</text:p></table:table-cell>
<table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>`
  const styles = '<style:style style:name="P1" style:parent-style-name="Title"/>'
  const read = await reads(odt(text, { title: 'The lease', styles }), 'lease.odt')
  t.match(read, { format: 'odt', title: 'The lease' })
  t.same(shown(read), ['# Lease', '## Rent', 'It is 900.', 'one', 'two', 'What | | Amount'])
})

t.test('slides are pages in the order they are shown in, each headed by its title', async (t) => {
  const table =
    '<p:graphicFrame><a:tbl><a:tr><a:tc><a:p><a:r><a:t>a</a:t></a:r></a:p></a:tc><a:tc><a:p><a:r><a:t>b</a:t></a:r></a:p></a:tc></a:tr></a:tbl></p:graphicFrame>'
  const slides = [
    { shapes: shape('House rules', 'ctrTitle') + shape('For everybody') },
    { shapes: shape('7', 'sldNum') + shape('No noise\nNo smoke') + shape('Rules', 'title') + table, notes: 'Smile' }
  ]
  const read = await reads(pptx(slides, 'PowerPoint Presentation'), 'rules.pptx')
  t.match(read, { format: 'pptx', title: undefined, pages: 2 })
  t.same(shown(read), [
    ...['1 ## House rules', '1 For everybody'],
    ...['2 ## Rules', '2 No noise', '2 No smoke', '2 a | b', '2 Smile']
  ])
})

t.test('a workbook is its sheets by name and their rows as they were last shown', async (t) => {
  const rows = `<row><c r="A1" t="s"><v>0</v></c><c r="C1" t="inlineStr"><is><t>When</t></is></c></row>
<row><c r="A2"><v>1234.5</v></c><c r="B2"><v>0.30000000000000004</v></c><c r="C2" s="1"><v>46085</v></c><c r="D2" s="2"><v>0.25</v></c></row>
<row><c t="str"><f>CONCAT(A1)</f><v>made up</v></c><c s="3"><v>46085</v></c><c s="4"><v>46085.6458333333</v></c><c t="b"><v>1</v></c><c t="e"><v>#N/A</v></c></row>
<row><c r="A4"/></row>`
  const sheets = [
    { name: 'Costs & all', rows },
    { name: 'Hidden', rows, state: 'hidden' }
  ]
  const read = await reads(xlsx(sheets, ['What']), 'costs.xlsx')
  t.match(read, { format: 'xlsx' })
  t.same(shown(read), [
    '## Costs & all',
    'What | | When',
    '1234.5 | 0.3 | 2026-03-04 | 25%',
    'made up | 2026-03-04 | 2026-03-04 15:30 | TRUE | #N/A'
  ])
})

t.test('a book is its chapters in the order they are read in', async (t) => {
  const chapters = [
    { file: 'text/chapter one.xhtml', body: '<h1>One</h1><p>It&nbsp;begins.</p>' },
    { file: 'another.xhtml', body: '<h1>Two</h1><p>It ends.</p>' }
  ]
  const read = await reads(epub(chapters, { title: 'A book' }), 'book.epub')
  t.match(read, { format: 'epub', title: 'A book' })
  t.same(shown(read), ['# One', 'It begins.', '# Two', 'It ends.'])

  const encryption = '<encryption><CipherReference URI="OEBPS/another.xhtml"/></encryption>'
  const sold = epub(chapters, { more: [{ name: 'META-INF/encryption.xml', content: encryption }] })
  t.equal(await refuses(sold, 'book.epub'), 'This book is protected against copying.')
})

t.test('a PDF is paragraphs again, with the pages they begin on', async (t) => {
  const page = (number: number, lines: string[]) => [
    { text: `Chapter ${number} of the lease`, y: 800 },
    ...lines.map((text, at) => ({ text, y: 740 - at * 14 })),
    { text: `- ${number} -`, x: 290, y: 30 }
  ]
  const first = [
    { text: 'The Lease', y: 770, size: 20 },
    ...page(1, [
      'The tenant pays the rent on the first day of every month and is respon-',
      'sible for the well-kept garden, the state of which is written down in a',
      'protocol.',
      'Another paragraph begins here, where the line before it had been left, and the well-',
      'kept garden is in it again, together with the landlord and the tenant'
    ])
  ]
  const second = page(2, ['who goes on upon the next page.', '- an item', '- another item'])
  const read = await reads(pdf([first, second], { title: 'Microsoft Word - lease.doc' }), 'lease.pdf')
  t.match(read, { format: 'pdf', title: 'lease.doc', pages: 2 })
  t.same(shown(read), [
    '1 # The Lease',
    '1 Chapter 1 of the lease',
    '1 The tenant pays the rent on the first day of every month and is responsible for the well-kept garden, the state of which is written down in a protocol.',
    '1 Another paragraph begins here, where the line before it had been left, and the well-kept garden is in it again, together with the landlord and the tenant who goes on upon the next page.',
    ...['2 - an item', '2 - another item']
  ])
})

t.test('the bookmarks of a PDF name its headings', async (t) => {
  const lines = ['1. Rent', 'It is due in May.'].map((text, at) => ({ text, y: 700 - at * 40 }))
  t.same(shown(await reads(pdf([lines], { bookmarks: ['Rent'] }), 'a.pdf')), ['1 # 1. Rent', '1 It is due in May.'])
})

t.test('Japanese is read from a PDF that brings no table of its letters', async (t) => {
  const font =
    '/Type /Font /Subtype /Type0 /BaseFont /Mincho /Encoding /90ms-RKSJ-H /DescendantFonts [<< /Type /Font /Subtype /CIDFontType0 /BaseFont /Mincho /CIDSystemInfo << /Registry (Adobe) /Ordering (Japan1) /Supplement 2 >> >>]'
  const content = 'BT /F2 14 Tf 72 700 Td <92C091DD8ED88C5F96F1> Tj ET'
  const page = `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F2 << ${font} >> >> >> /Contents 6 0 R >>`
  const stream = `<< /Length ${content.length} >>\nstream\n${content}\nendstream`
  t.same(shown(await reads(pdf([], { kids: '5 0 R', count: 1, objects: [page, stream] }), 'a.pdf')), ['1 賃貸借契約'])
})

t.test('what a file is does not depend on what it is called', async (t) => {
  for (const name of sampleNames) {
    const right = await reads(samples[name], `lease.${name}`)
    t.equal(right.format, name)
    t.match(shown(right).join('\n'), 'The rent is due on the first of May.', name)
    const kindOfText = ['txt', 'md', 'csv'].includes(name)
    for (const wrong of ['lease.pdf', 'lease.docx', 'lease.jpg', 'lease', 'lease.txt'])
      t.equal((await reads(samples[name], wrong)).format, kindOfText ? 'txt' : name, `${name} called ${wrong}`)
  }
})

t.test('a file that cannot be read says why, whatever it is called', async (t) => {
  const compound = Buffer.concat([hex('D0CF11E0A1B11AE1'), Buffer.alloc(600)])
  const locked = Buffer.concat([compound, Buffer.from('EncryptedPackage', 'utf16le')])
  const noise = Buffer.from(Array.from({ length: 4000 }, (_, at) => (at * 7919 + (at >> 3) * 104729) % 251))
  const manifest = { name: 'META-INF/manifest.xml', content: '<m><f><encryption-data/></f></m>' }
  const cases: [string, Buffer | string, string][] = [
    ['nothing', '', 'This file is empty.'],
    ['only spaces', ' \n\t\r\n ', 'There is no text in this file.'],
    ['a page without words', '<!doctype html><p><img src=x>', 'There is no text in this file.'],
    ['a JPEG', Buffer.concat([hex('FFD8FFE0 0010'), Buffer.from('JFIF\0')]), 'Pictures cannot be read yet.'],
    ['a PNG', hex('89504E470D0A1A0A 0000000D'), 'Pictures cannot be read yet.'],
    [
      'an SVG',
      `<?xml version="1.0"?>${'<!---->'.repeat(100)}<svg xmlns="x"><text>a</text></svg>`,
      'Pictures cannot be read yet.'
    ],
    ['a film', hex('00000018 66747970 6D703432 00000000'), 'Sound and video cannot be read yet.'],
    [
      'a sound',
      Buffer.concat([Buffer.from('RIFF'), Buffer.alloc(4), Buffer.from('WAVEfmt ')]),
      'Sound and video cannot be read yet.'
    ],
    [
      'an archive',
      zip([{ name: 'a.txt', content: 'a' }]),
      'Archives cannot be read. Add the files that are inside one by one.'
    ],
    ['another archive', hex('1F8B0800 00000000'), 'Archives cannot be read. Add the files that are inside one by one.'],
    ['a program', Buffer.concat([hex('7F454C46 020101'), Buffer.alloc(50)]), 'This is a program, not a document.'],
    [
      'an old Word file',
      compound,
      'Older Word, Excel and PowerPoint files cannot be read yet. Save it as docx, xlsx or pptx.'
    ],
    ['a locked Word file', locked, 'This file is protected by a password.'],
    ['rich text', '{\\rtf1 hello}', 'RTF files cannot be read yet. Save it as docx or PDF.'],
    ['a locked PDF', pdf([[{ text: 'a', y: 1 }]], { trailer: lockedTrailer }), 'This PDF is protected by a password.'],
    [
      'a PDF of pictures',
      pdf([[], []]),
      'There is no text in this PDF. It may be a scan, which is a picture of the text.'
    ],
    ['a locked text', odt('<text:p>x</text:p>', { more: [manifest] }), 'This file is protected by a password.'],
    ['noise', noise, 'This kind of file cannot be read.']
  ]
  for (const [what, content, reason] of cases) {
    for (const name of ['a.bin', 'a.txt', 'a.pdf', 'a.docx'])
      t.equal(await refuses(content, name), reason, `${what} as ${name}`)
  }
})

t.test('text that only begins like something else is text', async (t) => {
  for (const text of ['BM, MZ and PK', 'MZ are initials.', 'PK met OK.', 'ID3 tags', '%PDF- is how a PDF begins'])
    t.equal((await reads(text, 'a.txt')).format, 'txt', text)
})
