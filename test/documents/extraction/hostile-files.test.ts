import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import t, { type Test } from 'tap'
import { Unreadable } from '../../../src/documents/extraction/extraction.ts'
import { cut, flipped, seeded } from './support/damage.ts'
import { docx, epub, odt, paragraph, pptx, shape, xlsx } from './support/office.ts'
import { pdf } from './support/pdf.ts'
import { shown, startReading } from './support/reading.ts'
import { sampleNames, samples } from './support/samples.ts'
import { type Entry, zip } from './support/zip.ts'

const megabyte = 1024 * 1024
const damaged = 'This file is damaged or incomplete.'
const tooMuchUnpacked = 'This file is larger when unpacked than is taken.'

const { reads, refuses } = startReading(t, { atOnce: 2 })

const word = (entries: Entry[]) =>
  zip([
    { name: '[Content_Types].xml', content: '<Types/>' },
    {
      name: '_rels/.rels',
      content: '<Relationships><Relationship Type="officeDocument" Target="word/document.xml"/></Relationships>'
    },
    ...entries
  ])
const body = (text: string) => `<w:document><w:body>${paragraph(text)}</w:body></w:document>`

t.test('what a zip unpacks to is counted as it comes, whatever its headers claim', async (t) => {
  const { refuses } = startReading(t, { unpackedBytes: megabyte })
  const bomb = body('a'.repeat(40 * megabyte))
  const honest = { name: 'word/document.xml', content: bomb }
  t.equal(await refuses(word([honest]), 'a.docx'), tooMuchUnpacked)

  const claiming = word([{ ...honest, claims: { size: 100 } }])
  t.equal(await refuses(claiming, 'a.docx'), damaged, 'more than it claims to be')
  t.ok(claiming.length < megabyte / 10)

  const inTwo = ['one', 'two'].map((name) => ({ name: `${name}.xhtml`, body: 'a'.repeat(0.6 * megabyte) }))
  const book = epub(inTwo.map(({ name, body }) => ({ file: name, body })))
  t.equal(await refuses(book, 'a.epub'), tooMuchUnpacked, 'all of it together')
})

t.test('what a zip claims to hold in the same bytes twice is refused', async (t) => {
  const content = body('a')
  const overlapping = word([
    { name: 'word/document.xml', content },
    { name: 'word/styles.xml', content, claims: { offset: 0 } }
  ])
  t.equal(await refuses(overlapping, 'a.docx'), damaged)

  const twice = { name: 'word/document.xml', content }
  t.equal(await refuses(word([twice, twice]), 'a.docx'), damaged, 'two parts of one name')
})

t.test('a zip of very many parts is refused before they are looked at', async (t) => {
  const parts = Array.from({ length: 10_001 }, (_, at) => ({ name: `word/${at}.xml`, content: '', stored: true }))
  t.equal(await refuses(word(parts), 'a.docx'), 'This file is made of more parts than are taken.')
  const claiming = zip([{ name: 'a', content: 'a' }], { count: 65_000 })
  t.equal(await refuses(claiming, 'a.docx'), 'This file is made of more parts than are taken.')
})

t.test('a zip whose sums or ways of packing are wrong is damaged, and a locked one says so', async (t) => {
  const part = { name: 'word/document.xml', content: body('a') }
  t.equal(await refuses(word([{ ...part, claims: { sum: 1 } }]), 'a.docx'), damaged)
  t.equal(await refuses(word([{ ...part, claims: { method: 12 } }]), 'a.docx'), damaged)
  t.equal(await refuses(word([{ ...part, claims: { flags: 1 } }]), 'a.docx'), 'This file is protected by a password.')
  t.equal(await refuses(word([{ name: '../../etc/passwd', content: 'a' }]), 'a.docx'), damaged)
})

t.test('what is zipped inside a zip stays where it is', async (t) => {
  const inner = zip([{ name: 'bomb', content: Buffer.alloc(50 * megabyte) }])
  const read = await reads(
    docx(paragraph('Outside'), { more: [{ name: 'word/media/a.docx', content: inner }] }),
    'a.docx'
  )
  t.same(shown(read), ['Outside'])
})

t.test('markup that a file defines for itself is not expanded, and nothing is fetched for it', async (t) => {
  const laughs = [
    '<!ENTITY l0 "ha">',
    ...Array.from({ length: 9 }, (_, at) => `<!ENTITY l${at + 1} "${`&l${at};`.repeat(10)}">`)
  ]
  const billion = `<!DOCTYPE d [${laughs.join('')}]><w:document><w:p><w:t>&l9;</w:t></w:p></w:document>`
  const outside =
    '<!DOCTYPE d [<!ENTITY file SYSTEM "file:///etc/hostname">]><w:document><w:p><w:t>&file;</w:t></w:p></w:document>'
  const elsewhere =
    '<!DOCTYPE d SYSTEM "http://127.0.0.1/a.dtd"><w:document><w:p><w:t>Text &unknown;</w:t></w:p></w:document>'
  const asked = 'This file defines markup of its own, which is not taken.'

  for (const content of [billion, outside]) {
    t.equal(await refuses(word([{ name: 'word/document.xml', content }]), 'a.docx'), asked)
    const asBook = epub([], { more: [{ name: 'META-INF/encryption.xml', content }] })
    t.equal(await refuses(asBook, 'a.epub'), asked)
  }
  t.same(shown(await reads(word([{ name: 'word/document.xml', content: elsewhere }]), 'a.docx')), ['Text &unknown;'])
  const page = `<!doctype html [${laughs.join('')}]><p>It is &l9; funny`
  t.match(shown(await reads(page, 'a.html')).at(-1), 'It is &l9; funny')
})

t.test('what is nested without end is refused, or read as far as it makes sense', async (t) => {
  const deep = 50_000
  const tooDeep = 'This file is nested more deeply than is taken.'
  const within = (tag: string) => `<${tag}>`.repeat(deep)
  t.equal(await refuses(docx(within('w:tbl')), 'a.docx'), tooDeep)
  t.equal(await refuses(odt(within('text:section')), 'a.odt'), tooDeep)
  t.equal(await refuses(pptx([{ shapes: within('p:grpSp') }]), 'a.pptx'), tooDeep)
  t.equal(await refuses(xlsx([{ name: 'a', rows: within('row') }]), 'a.xlsx'), tooDeep)
  t.equal(await refuses(epub([{ file: 'a.xhtml', body: within('div') }]), 'a.epub'), tooDeep)
  t.equal(await refuses(`<!doctype html>${within('div')}text`, 'a.html'), tooDeep)

  t.same(shown(await reads(`Text\n\n${'> '.repeat(5_000)}text`, 'a.md')), ['Text'])
  t.match(shown(await reads(`${'['.repeat(50_000)}text`, 'a.md')).join(''), 'text')
  const parts = Array.from({ length: 500 }, (_, at) => `Content-Type: multipart/mixed; boundary=b${at}\n\n--b${at}\n`)
  t.equal(await refuses(`From: a@b.c\nTo: a@b.c\nSubject: a\n${parts.join('')}\ntext`, 'a.eml'), damaged)
})

t.test('a very long line is cut where a sentence ends', async (t) => {
  const sentence = 'The tenant pays the rent on the first day of every month. '
  const { blocks } = await reads(sentence.repeat(50_000), 'a.txt')
  t.ok(blocks.length > 250)
  t.ok(blocks.every(({ text }) => text.length <= 10_000 && text.startsWith('The') && text.endsWith('.')))
  t.equal(blocks.map(({ text }) => text).join(' '), sentence.repeat(50_000).trim())

  const unbroken = await reads('\u{1F600}'.repeat(100_000), 'a.txt')
  t.ok(
    unbroken.blocks.every(({ text }) => text.isWellFormed()),
    'never in the middle of a character'
  )
})

t.test('what is more than is taken is refused', async (t) => {
  const { refuses } = startReading(t, { fileBytes: 5_000, pages: 3, characters: 1_000, blocks: 20 })
  const page = [{ text: 'a', y: 1 }]
  t.equal(await refuses('a '.repeat(3_000), 'a.txt'), 'This file is larger than is taken.')
  t.equal(await refuses('a '.repeat(1_000), 'a.txt'), 'This file holds more text than is taken.')
  t.equal(await refuses('a\n\n'.repeat(30), 'a.txt'), 'This file has more paragraphs or rows than are taken.')
  t.equal(await refuses('a,b\n'.repeat(30), 'a.csv'), 'This file has more paragraphs or rows than are taken.')
  t.equal(await refuses(pdf([page, page, page, page]), 'a.pdf'), 'This file has more pages than are taken.')
  t.equal(
    await refuses(pptx(Array.from({ length: 4 }, () => ({ shapes: shape('a') }))), 'a.pptx'),
    'This file has more pages than are taken.'
  )

  const repeated = '<row><c t="s"><v>0</v></c></row>'.repeat(12)
  t.equal(
    await refuses(xlsx([{ name: 'a', rows: repeated }], ['a'.repeat(100)]), 'a.xlsx'),
    'This file holds more text than is taken.'
  )
  const claiming = pdf([page], { count: 2_000_000_000 })
  t.equal(await refuses(claiming, 'a.pdf'), 'It was read as pdf: a', 'pages that are only claimed are not counted')
})

t.test('a PDF whose streams unpack to more than fits into memory fails alone', async (t) => {
  const { refuses } = startReading(t, { memory: 256 * megabyte })
  const packed = deflateSync(Buffer.alloc(200 * megabyte, ' '))
  const stream = Buffer.concat([
    Buffer.from(`<< /Length ${packed.length} /Filter /FlateDecode >>\nstream\n`),
    packed,
    Buffer.from('\nendstream')
  ])
  const page = '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 6 0 R >>'
  const bomb = pdf([], { kids: '5 0 R', count: 1, objects: [page, stream] })
  t.equal(await refuses(bomb, 'a.pdf'), 'This file needs more memory than is allowed.')
  t.equal(await refuses(samples.pdf, 'a.pdf'), 'It was read as pdf: The rent is due on the first of May.')
})

/** Whatever a file says, what is kept of it is plain text or a plain reason, and the next file is read. */
async function survives(t: Test, content: Buffer, name: string) {
  try {
    const { blocks } = await reads(content, name)
    t.ok(
      blocks.every(({ text }) => text.isWellFormed() && text === text.trim() && !/\p{Cc}/u.test(text)),
      name
    )
  } catch (error) {
    t.type(error, Unreadable, name)
  }
}

t.test('a PDF or a zipped file that was cut off fails with a reason', async (t) => {
  for (const name of sampleNames.filter((name) => !['txt', 'md', 'html', 'csv', 'eml'].includes(name))) {
    const whole = samples[name]
    for (const share of [0.2, 0.5, 0.8, 0.95])
      t.equal(
        await refuses(whole.subarray(0, Math.floor(whole.length * share)), `a.${name}`),
        damaged,
        `${share} of a ${name}`
      )
  }
})

t.test('damaged files of every format hurt nothing but themselves', async (t) => {
  const random = seeded(2026)
  for (const name of sampleNames) {
    for (let time = 0; time < 3; time += 1) {
      await survives(t, cut(samples[name], random), `a.${name}`)
      await survives(t, flipped(samples[name], random), `a.${name}`)
    }
    t.match(shown(await reads(samples[name], `a.${name}`)).join('\n'), 'first of May', `a good ${name} after them`)
  }
})

t.test('hundreds of damaged files of every format, one after the other in one process, all end', async (t) => {
  const program = join(import.meta.dirname, 'support/fuzzing.ts')
  const { reads } = startReading(t, { filesPerProcess: sampleNames.length, memory: 1024 * megabyte }, program)
  for (const name of sampleNames) {
    const [became] = shown(await reads(samples[name], `a.${name}`))
    const { text, refused, surprised } = JSON.parse(became ?? '')
    t.equal(text + refused + surprised, 150, `${name}: ${became}`)
    if (name !== 'pdf') t.equal(surprised, 0, `no error in a ${name} was unforeseen`)
  }
})
