import { once } from 'node:events'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { mock } from 'node:test'
import { setImmediate as soon } from 'node:timers/promises'
import {
  brotliCompressSync,
  constants,
  createGzip,
  createZstdCompress,
  deflateSync,
  gzipSync,
  zstdCompressSync
} from 'node:zlib'
import t from 'tap'
import { desk, html, sends, story } from '../support/page-desk.ts'
import { plainSite, webSite } from '../support/web-site.ts'

t.test('a page may be as large as a document, and not larger', async (t) => {
  const { saves, refused } = desk(t, { mostBytes: 1000 })
  const withLength = await webSite(t, ({ url }, response) =>
    sends('x'.repeat(Number(url?.slice(1))))(undefined, response)
  )
  t.equal((await saves(`${withLength.url}/1000`)).bytes, 1000)
  t.match(await refused(`${withLength.url}/1001`), /larger than/)
  const inPieces = await webSite(t, (_, response) => {
    response.writeHead(200, html)
    response.write('x'.repeat(600))
    response.end('x'.repeat(600))
  })
  t.match(await refused(inPieces.url), /larger than/)
  t.match(await refused((await webSite(t, sends(''))).url), /nothing on this page/)
})

/** Goes on until the other side has had enough; a test that is not left alone ends here. */
async function endlessly(response: NodeJS.WritableStream & { destroyed?: boolean }, piece: Buffer) {
  while (!response.destroyed)
    if (!response.write(piece)) await Promise.race([once(response, 'drain'), once(response, 'close')])
}

t.test('a page that never ends is left as soon as it is too large', async (t) => {
  const endless = await webSite(
    t,
    (_, response) => void endlessly(response.writeHead(200, html), Buffer.alloc(65_536, 'x'))
  )
  t.match(await desk(t).refused(endless.url), /larger than/)

  const bomb = await webSite(t, (_, response) => {
    const gzip = createGzip()
    gzip.pipe(response.writeHead(200, { ...html, 'content-encoding': 'gzip' }))
    response.on('close', () => gzip.destroy())
    void endlessly(
      gzip.on('error', () => {}),
      Buffer.alloc(1_000_000)
    )
  })
  t.match(await desk(t, { mostBytes: 10_000_000 }).refused(bomb.url), /larger than/)

  const litter = await webSite(t, (_, response) => {
    void endlessly(response.writeHead(200, { ...html, 'content-encoding': 'gzip' }), gzipSync(''))
  })
  t.match(await desk(t).refused(litter.url), /larger than/, 'nothing, packed again and again')

  const announced = await webSite(t, (_, response) => {
    response.writeHead(200, { ...html, 'content-length': 100_001 }).flushHeaders()
  })
  t.match(await desk(t).refused(announced.url), /larger than/)
})

t.test('a bomb of any packing is refused by what comes out of it', async (t) => {
  const zeros = Buffer.alloc(20_000_000)
  const bombs = {
    gzip: gzipSync(zeros),
    deflate: deflateSync(zeros),
    br: brotliCompressSync(zeros),
    zstd: zstdCompressSync(zeros)
  }
  for (const [packing, bomb] of Object.entries(bombs)) {
    t.ok(bomb.length < 100_000)
    const site = await webSite(t, sends(bomb, { ...html, 'content-encoding': packing }))
    t.match(await desk(t).refused(site.url), /larger than/, packing)
  }
})

t.test('a packed page is unpacked; one that is packed wrongly, twice or strangely is refused', async (t) => {
  const long = Buffer.from(story.repeat(200))
  const packed = {
    gzip: gzipSync(long),
    'X-GZip': gzipSync(long),
    deflate: deflateSync(long),
    br: brotliCompressSync(long),
    zstd: zstdCompressSync(long),
    identity: long,
    '': long
  }
  const { saves, refused } = desk(t)
  for (const [packing, bytes] of Object.entries(packed)) {
    const site = await webSite(t, sends(bytes, { ...html, 'content-encoding': packing }))
    t.same((await saves(site.url)).content, long, packing)
    if (bytes === long) continue
    const cut = await webSite(t, sends(bytes.subarray(0, -9), { ...html, 'content-encoding': packing }))
    t.match(await refused(cut.url), /broke off/, `${packing}, cut`)
    const wrong = await webSite(t, sends('no such packing', { ...html, 'content-encoding': packing }))
    t.match(await refused(wrong.url), /broke off/, `${packing}, wrong`)
  }
  const greedy = createZstdCompress({ params: { [constants.ZSTD_c_windowLog]: 27 } })
  greedy.write(long)
  greedy.flush(() => greedy.end())
  const site = await webSite(t, sends(await buffer(greedy), { ...html, 'content-encoding': 'zstd' }))
  t.match(await refused(site.url), /broke off/, 'packed so that unpacking takes much memory')
  for (const packing of ['compress', 'gzip, gzip', 'constructor', 'utf-8']) {
    const site = await webSite(t, sends(gzipSync(gzipSync(story)), { ...html, 'content-encoding': packing }))
    t.match(await desk(t).refused(site.url), /packed in a way/, packing)
  }
})

t.test('only what Carrel can read is saved', async (t) => {
  const types = {
    'text/html': 'text/html',
    'TEXT/plain;Charset=utf8': 'text/plain;charset=utf-8',
    'text/csv; header=present': 'text/csv',
    'application/xhtml+xml; charset=no-such': 'application/xhtml+xml',
    'application/pdf': 'application/pdf',
    'application/epub+zip': 'application/epub+zip',
    'application/vnd.oasis.opendocument.text': 'application/vnd.oasis.opendocument.text',
    'application/vnd.openxmlformats-officedocument.wordprocessingml.document':
      'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    'application/octet-stream': 'application/octet-stream',
    html: 'application/octet-stream',
    '': 'application/octet-stream',
    'text/html, text/plain': 'application/octet-stream',
    ';;;': 'application/octet-stream'
  }
  for (const [type, kept] of Object.entries(types)) {
    const site = await webSite(t, sends(story, { 'content-type': type }))
    t.equal((await desk(t).saves(site.url)).contentType, kept, type)
  }
  t.equal((await desk(t).saves((await webSite(t, sends(story, {}))).url)).contentType, 'application/octet-stream')
  for (const type of [
    'image/png',
    'video/mp4',
    'application/zip',
    'application/json',
    'multipart/mixed',
    'text/\xff'.replace('\xff', '*'),
    `text/${'x'.repeat(100)}`,
    'x-application/pdf'
  ]) {
    const site = await webSite(t, sends(story, { 'content-type': type }))
    t.match(await desk(t).refused(site.url), /not a kind of/, type)
  }
})

t.test('only a whole page will do', async (t) => {
  const said: Record<number, RegExp> = {
    204: /204/,
    206: /did not send the page \(206\)/,
    304: /304/,
    400: /did not send the page \(400\)/,
    401: /sign in there/,
    403: /does not show this page/,
    404: /has no such page/,
    410: /no longer has/,
    429: /asked too often/,
    500: /trouble/,
    503: /trouble/,
    999: /\(999\)/
  }
  for (const [status, reason] of Object.entries(said)) {
    const site = await webSite(t, sends(status === '204' ? '' : story, html, Number(status)))
    const refusal = await desk(t).refused(site.url)
    t.match(refusal, status === '204' ? /nothing on this page/ : reason, status)
  }
  t.equal((await desk(t).saves((await webSite(t, sends(story, html, 203))).url)).bytes, story.length)
})

t.test('a connection that breaks, or is not HTTP, leaves nothing', async (t) => {
  const says = (text: string, then: 'end' | 'resetAndDestroy') =>
    plainSite(t, (socket) => {
      socket.once('data', () => socket.write(text, () => (then === 'end' ? socket.end() : socket.resetAndDestroy())))
    })
  const head = 'HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n'
  const halves = [
    `${head}content-length: 100\r\n\r\n<p>half`,
    `${head}transfer-encoding: chunked\r\n\r\n5\r\n<p>ha\r\n`
  ]
  for (const half of halves) {
    for (const then of ['end', 'resetAndDestroy'] as const)
      t.match(await desk(t).refused((await says(half, then)).url), /broke off/, `${half} ${then}`)
  }
  const bad = [
    '',
    'HTTP/1.1 200',
    '220 mail.example.com ESMTP\r\n',
    `${head}content-length: x\r\n\r\n`,
    `${head}content-length: 1\r\ncontent-length: 2\r\n\r\nxx`,
    `${head}content-length: 1\r\ntransfer-encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n`,
    `${head}x: ${'y'.repeat(100_000)}\r\n\r\n`,
    `${head}bad header\r\n\r\n`,
    'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'
  ]
  for (const text of bad)
    t.match(await desk(t).refused((await says(text, 'end')).url), /broke off before/, text.slice(0, 80))
  const { url, server } = await says('', 'end')
  server.close()
  await once(server, 'close')
  t.match(await desk(t).refused(url), /does not answer/)
})

t.test('hints before the answer and odd headers beside it do no harm', async (t) => {
  const odd = 'HTTP/1.1 200 \r\nContent-Type: text/html\r\nX-\u00e4: \u00ff\r\n'
  const site = await plainSite(t, (socket) => {
    socket.once('data', () => {
      socket.write('HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n')
      socket.end(
        Buffer.from(
          `${odd.replace('X-ä', 'X-a')}set-cookie: a=b\r\nset-cookie: c\r\nlocation: http://127.0.0.2/\r\n\r\n${story}`,
          'latin1'
        )
      )
    })
  })
  t.equal(String((await desk(t).saves(site.url)).content), story)
})

t.test('who keeps Carrel waiting is left when the time is over', async (t) => {
  const clock = mock.timers
  t.teardown(() => clock.reset())
  const silent = await plainSite(t, () => {})
  const headless = await webSite(t, () => {})
  const slow = await webSite(t, (_, response) => void response.writeHead(200, html).write(story))
  const hinting = await plainSite(t, (socket) =>
    socket.once('data', () => socket.write('HTTP/1.1 102 Processing\r\n\r\n'))
  )

  async function late(url: string, ms: number, until: (folder: string) => boolean) {
    const { refused, folder } = desk(t)
    clock.enable({ apis: ['setTimeout'] })
    const refusal = refused(url)
    while (!until(folder)) await soon()
    clock.tick(ms)
    t.match(await refusal, /took too long/, url)
    clock.reset()
  }
  await late(silent.url.replace('http:', 'https:'), 10_000, () => silent.connections() > 0)
  await late(headless.url, 20_000, () => headless.asked.length > 0)
  await late(hinting.url, 20_000, () => hinting.connections() > 0)
  await late(slow.url, 60_000, (folder) => readdirSync(folder).length > 0)
  for (const { open } of [silent, headless, slow, hinting]) while (open.size > 0) await soon()
})

t.test('who asked for a page can give up at any moment', async (t) => {
  const slow = await webSite(t, (_, response) => void response.writeHead(200, html).write(story))
  const { saves, folder } = desk(t)
  const ends = new AbortController()
  const given = saves(slow.url, ends.signal)
  while (readdirSync(folder).length === 0) await soon()
  ends.abort(new Error('enough'))
  await t.rejects(given, { message: 'enough' })
  t.same(readdirSync(folder), [])
  while (slow.open.size > 0) await soon()
  await t.rejects(saves(slow.url, ends.signal), { message: 'enough' })
  t.equal(slow.connections(), 1)
})

t.test('trouble with the file is not blamed on the page, and what is there already stays', async (t) => {
  const site = await webSite(t, sends(story))
  const { save, nextFile, folder } = desk(t)
  const file = nextFile()
  writeFileSync(file, 'mine')
  await t.rejects(save(site.url, file), { code: 'EEXIST' })
  t.equal(String(readFileSync(file)), 'mine')
  await t.rejects(save(site.url, join(folder, 'none', 'page')), { code: 'ENOENT' })
  while (site.open.size > 0) await soon()
})
