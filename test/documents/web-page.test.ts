import { execFile } from 'node:child_process'
import { statSync } from 'node:fs'
import { Socket } from 'node:net'
import { join } from 'node:path'
import { mock } from 'node:test'
import { setImmediate as soon } from 'node:timers/promises'
import { promisify } from 'node:util'
import fc from 'fast-check'
import t from 'tap'
import { nameServers } from '../../src/documents/web-page/names.ts'
import { PageRefused, webPages } from '../../src/documents/web-page/web-pages.ts'
import { temporaryFolder } from '../support/carrel.ts'
import { nameServer } from '../support/name-server.ts'
import { desk, leadsTo, sends, story } from '../support/page-desk.ts'
import { believeTestAuthority, safeSite, webSite } from '../support/web-site.ts'

t.test('a page is saved as it is, with its type and where it was found', async (t) => {
  const site = await webSite(t, sends(story, { 'content-type': 'Text/HTML; charset="ISO-8859-1"; a=b' }))
  const { content, file, ...saved } = await desk(t).saves(`${site.url}/owls?a=b#night`)
  t.same(saved, {
    url: `${site.url}/owls?a=b#night`,
    contentType: 'text/html;charset=windows-1252',
    bytes: story.length
  })
  t.equal(String(content), story)
  t.equal(statSync(file).mode & 0o777, 0o600)
  t.equal(site.asked[0]?.url, '/owls?a=b')
})

t.test('the site learns who asks and nothing else, on the way to another page too', async (t) => {
  const site = await webSite(t, (request, response) => {
    if (request.url !== '/') return void sends(story)(request, response)
    response.writeHead(302, { location: '/owls', 'set-cookie': 'known=1; Path=/' }).end()
  })
  const { saves } = desk(t)
  t.equal((await saves(site.url)).url, `${site.url}/owls`)
  await saves(`${site.url}/again`)
  t.equal(site.asked.length, 3)
  for (const { method, headers } of site.asked) {
    t.equal(method, 'GET')
    t.same(Object.keys(headers).sort(), ['accept', 'accept-encoding', 'connection', 'host', 'user-agent'])
    t.match(headers['user-agent'], /^Carrel /)
    t.match(headers.accept, /text\/html.*application\/pdf.*text\/\*/)
    t.equal(headers.host, `127.0.0.1:${site.port}`)
  }
})

t.test('what is not the address of a web page is refused', async (t) => {
  const asked: string[] = []
  const { refused } = desk(t, { asked })
  const none = [
    '',
    ' ',
    'owls',
    'example.com/owls',
    '//example.com',
    'http://',
    'http://a b/',
    'http://[::1',
    'http://[fe80::1%25eth0]/'
  ]
  const odd = [
    'http://page.test./',
    'http://page.test:0/',
    'http://256.256.256.256/',
    'http://a%00b/',
    'http://page.test:70000/'
  ]
  for (const url of [...none, ...odd, `http://page.test/${'x'.repeat(5000)}`])
    t.match(await refused(url), /not the address/, url)
  for (const url of [
    'ftp://page.test/',
    'file:///etc/passwd',
    'data:text/html,x',
    'javascript:alert(1)',
    'localhost:80',
    'blob:http://page.test/1',
    'gopher://page.test/'
  ])
    t.match(await refused(url), /Only pages at http/, url)
  for (const url of [
    'http://ann@page.test/',
    'http://ann:secret@page.test/',
    'http://:secret@page.test',
    'https://page.test%2F@127.0.0.1/',
    'http:ann@page.test'
  ])
    t.match(await refused(url), /name and the password/, url)
  t.same(asked, [])
})

t.test('an address that is not public is refused however it is spelled, without looking for it', async (t) => {
  const asked: string[] = []
  const { refused } = desk(t, { allow: [], asked })
  const hex = (part: number) => `0x${part.toString(16)}`
  const octal = (part: number) => `0${part.toString(8)}`
  const wide = (text: string) => text.replaceAll(/\d/g, (digit) => String.fromCharCode(0xff10 + Number(digit)))
  const inside = fc.constantFrom('127.0.0.1', '10.1.2.3', '192.168.0.1', '169.254.169.254', '172.16.0.9', '100.64.0.1')
  const spelling = fc.constantFrom<(parts: [number, number, number, number]) => string>(
    (parts) => parts.join('.'),
    (parts) => parts.map(hex).join('.'),
    (parts) => parts.map(octal).join('.'),
    ([a, b, c, d]) => String(((a * 256 + b) * 256 + c) * 256 + d),
    ([a, b, c, d]) => `${hex(a)}.${(b * 256 + c) * 256 + d}`,
    ([a, b, c, d]) => `${a}.${octal(b)}.${hex(c * 256 + d)}`,
    (parts) => wide(parts.join('.')),
    (parts) => parts.join('。'),
    (parts) => `${parts.join('.')}.`,
    (parts) => parts.join('.').replaceAll('1', '%31'),
    (parts) => `[::ffff:${parts.join('.')}]`,
    (parts) => `[::${parts.join('.')}]`,
    (parts) => `[64:ff9b::${parts.join('.')}]`,
    (parts) =>
      `[2002:${parts
        .map((part) => part.toString(16).padStart(2, '0'))
        .join('')
        .replace(/^.{4}/, '$&:')}::]`
  )
  const around = fc.constantFrom<(host: string) => string>(
    (host) => `http://${host}/`,
    (host) => `https://${host}:8443/x`,
    (host) => `http:\\\\${host}\\x`,
    (host) => `ht\ntp:/\t/${host}#@page.test/`,
    (host) => `  http:${host}?@page.test/`
  )
  const property = fc.asyncProperty(inside, spelling, around, async (address, spell, surround) => {
    const url = surround(spell(address.split('.').map(Number) as [number, number, number, number]))
    t.match(await refused(url), /No public site/, url)
  })
  await fc.assert(property, { numRuns: 200 })
  for (const host of [
    '[::1]',
    '[::]',
    '[fe80::1]',
    '[fc00::1]',
    '[fec0::1]',
    '[ff02::1]',
    '[2001:db8::1]',
    '0',
    '255.255.255.255',
    '224.0.0.1'
  ])
    t.match(await refused(`http://${host}/`), /No public site/, host)
  t.same(asked, [])
})

t.test('a name is refused if only one of its addresses is not public, and nothing is connected to', async (t) => {
  const site = await webSite(t, sends(story))
  const names: Record<string, string[]> = {
    'one.test': ['127.0.0.1', '10.0.0.1'],
    'other.test': ['fe80::1', '127.0.0.1'],
    'mapped.test': ['::ffff:127.0.0.1'],
    'zone.test': ['fe80::1%lo'],
    'odd.test': ['127.1'],
    'none.test': []
  }
  const { refused } = desk(t, { names })
  for (const host of [...Object.keys(names), 'unknown.test', 'localhost'])
    t.equal(await refused(`http://${host}:${site.port}/`), `No public site was found at ${host}.`)
  t.equal(site.connections(), 0)
})

t.test('the reason for whoever runs Carrel names the network', async (t) => {
  const { save, nextFile } = desk(t, { names: { 'page.test': ['10.0.0.1'] } })
  const error = await save('http://page.test', nextFile()).catch((error: PageRefused) => error)
  t.match(error, { cause: { message: 'page.test is at 10.0.0.1: a private network' } })
})

t.test('names are allowed exactly, and then found as this machine finds them', async (t) => {
  const site = await webSite(t, sends(story))
  const asked: string[] = []
  const { saves, refused } = desk(t, { allow: ['localhost'], names: { 'a.localhost': ['127.0.0.1'] }, asked })
  t.equal((await saves(`http://LocalHost:${site.port}/`)).url, `http://localhost:${site.port}/`)
  t.same(asked, [])
  t.match(await refused(`http://a.localhost:${site.port}/`), /No public site/)
  t.match(await refused(`http://127.0.0.1:${site.port}/`), /No public site/)
})

t.test('a name in another script is asked for in letters', async (t) => {
  const site = await webSite(t, sends(story))
  const { saves } = desk(t, { names: { 'xn--bcher-kva.test': ['127.0.0.1'] } })
  t.equal((await saves(`http://BÜCHER.test:${site.port}/ä`)).url, `http://xn--bcher-kva.test:${site.port}/%C3%A4`)
  t.equal(site.asked[0]?.headers.host, `xn--bcher-kva.test:${site.port}`)
})

t.test('a name that changes its mind is asked once, and the connection goes where it was checked', async (t) => {
  const site = await webSite(t, sends(story))
  const inside = await webSite(t, sends('secret'), { host: '127.0.0.2', port: site.port })
  const server = await nameServer(t, ['127.0.0.1'], ['127.0.0.2'])
  const pages = webPages(
    { allow: ['127.0.0.1'], mostBytes: 1000 },
    { addressesOf: nameServers([server.address]), interfaces: () => ({}) }
  )
  const folder = temporaryFolder(t)
  const url = `http://rebinding.test:${site.port}/`
  t.match(await pages.save(url, join(folder, '1')), { bytes: story.length })
  t.same(server.asked.toSorted(), ['A rebinding.test', 'AAAA rebinding.test'])
  await t.rejects(pages.save(url, join(folder, '2')), { message: 'No public site was found at rebinding.test.' })
  t.equal(site.connections(), 1)
  t.equal(inside.connections(), 0)
})

t.test('a name that changes its mind between two steps is refused at the second', async (t) => {
  const answers = [['127.0.0.1'], ['127.0.0.2']]
  const site = await webSite(t, leadsTo('/again'))
  const inside = await webSite(t, sends('secret'), { host: '127.0.0.2', port: site.port })
  const { refused } = desk(t, { names: () => answers.shift() ?? [] })
  t.match(await refused(`http://page.test:${site.port}/`), /No public site/)
  t.equal(inside.connections(), 0)
})

t.test('a connection that leads to another address than it should is left before anything is said', async (t) => {
  const site = await webSite(t, sends(story))
  const sockets = Socket.prototype as unknown as { _getpeername: () => { address?: string } }
  for (const reached of [{ address: '10.0.0.1' }, {}]) {
    const peer = mock.method(sockets, '_getpeername', () => reached)
    t.match(await desk(t).refused(site.url), /No public site/)
    t.ok(peer.mock.callCount() > 0)
    peer.mock.restore()
  }
  t.equal(site.asked.length, 0)
})

t.test('all addresses of a name are found, IPv4 and IPv6', async (t) => {
  const server = await nameServer(t, ['192.0.2.1', '2001:db8::1', '192.0.2.2'])
  const ends = new AbortController().signal
  t.same((await nameServers([server.address])('page.test', ends)).toSorted(), ['192.0.2.1', '192.0.2.2', '2001:db8::1'])
  const silent = await nameServer(t, [])
  t.same(await nameServers([silent.address])('page.test', ends), [])
})

t.test('a name server that says nothing is left when the time is over', async (t) => {
  const server = await nameServer(t)
  const ends = new AbortController()
  const found = nameServers([server.address])('page.test', ends.signal)
  while (server.asked.length < 2) await soon()
  ends.abort()
  t.same(await found, [])
  t.equal(server.asked.length, 2, 'it is not asked again')
})

t.test('another address of the name is tried where the first does not answer', async (t) => {
  const site = await webSite(t, sends(story), { host: '127.0.0.2' })
  const { saves } = desk(t, { allow: ['127.0.0.0/8'], names: { 'page.test': ['127.0.0.1', '127.0.0.2'] } })
  t.equal((await saves(`http://page.test:${site.port}/`)).bytes, story.length)
})

t.test('a redirect is followed five times, not six', async (t) => {
  const site = await webSite(t, ({ url }, response) => {
    const left = Number(url?.slice(1))
    if (left === 0) sends(story)(undefined, response)
    else leadsTo(`/${left - 1}`, [301, 302, 303, 307, 308][left % 5])(undefined, response)
  })
  const { saves, refused } = desk(t)
  t.equal((await saves(`${site.url}/5`)).url, `${site.url}/0`)
  const before = site.asked.length
  t.match(await refused(`${site.url}/6`), /on and on/)
  t.equal(site.asked.length - before, 6)

  const loop = await webSite(t, leadsTo('/'))
  t.match(await refused(loop.url), /on and on/)
})

t.test('a connection is closed before the next is opened', async (t) => {
  const entry = await webSite(t, (_, response) => {
    response.writeHead(302, { location: `http://page.test:${site.port}/` }).write('a page that goes on')
  })
  const site = await webSite(t, async (request, response) => {
    while (entry.open.size > 0) await soon()
    sends(story)(request, response)
  })
  t.equal((await desk(t).saves(entry.url)).bytes, story.length)
})

t.test('a redirect to what is private, or no web page, is refused', async (t) => {
  const inside = await webSite(t, sends('secret'), { host: '127.0.0.2' })
  const outside = await webSite(t, ({ url = '' }, response) =>
    leadsTo(decodeURIComponent(url.slice(1)))(undefined, response)
  )
  const { refused } = desk(t, { names: { 'inside.test': ['127.0.0.2'] } })
  const through = (to: string) => refused(`${outside.url}/${encodeURIComponent(to)}`)
  const secret = `127.0.0.2:${inside.port}`
  const ways = [
    `http://${secret}/`,
    `//${secret}`,
    `\\\\${secret}`,
    `/\\${secret}`,
    `http://inside.test:${inside.port}`,
    `http:///${secret}`
  ]
  for (const to of [...ways, 'http://[::1]/', 'http://169.254.169.254/latest/meta-data/', 'http://0x7f000002/'])
    t.match(await through(to), /No public site/, to)
  for (const to of ['file:///etc/passwd', 'ftp://page.test/', 'data:text/html,x', 'javascript:1'])
    t.match(await through(to), /Only pages at http/, to)
  t.match(await through(`http://ann:secret@127.0.0.1:${outside.port}/`), /name and the password/)
  t.match(await through('http://['), /not the address/)
  t.equal(inside.connections(), 0)
})

t.test('a redirect is read like any address: against the page it came from, in UTF-8', async (t) => {
  const site = await webSite(t, ({ url }, response) => {
    if (url === '/a/b') response.writeHead(301, { location: Buffer.from('../größe?q=1#x').toString('latin1') }).end()
    else sends(story)(undefined, response)
  })
  t.equal((await desk(t).saves(`${site.url}/a/b`)).url, `${site.url}/gr%C3%B6%C3%9Fe?q=1#x`)
  const nowhere = await webSite(t, sends('', {}, 302))
  t.match(await desk(t).refused(nowhere.url), /\(302\)/)
})

t.test(
  'whatever two readers of an address may make of it, one reading is checked, connected to and asked',
  async (t) => {
    const site = await webSite(t, sends(story))
    const asked: string[] = []
    const { save, nextFile } = desk(t, { names: () => [], asked })
    const here = `127.0.0.1:${site.port}`
    const pieces = [
      'http:',
      '/',
      '//',
      '\\',
      '@',
      '#',
      '?',
      ':',
      '\t',
      '\n',
      ' ',
      '.',
      '%40',
      '%2f',
      '[',
      ']',
      ';',
      '\0',
      '。',
      '／',
      here,
      here,
      'evil.test',
      'page.test',
      '80',
      'x'
    ]
    const tricky = fc.array(fc.constantFrom(...pieces), { maxLength: 8 }).map((parts) => `http:/${parts.join('')}`)
    let saved = 0
    const property = fc.asyncProperty(tricky, async (url) => {
      const asked = site.asked.length
      const result = await save(url, nextFile()).catch((error) => {
        if (error instanceof PageRefused) return undefined
        throw error
      })
      const meant = URL.parse(url)
      const request = site.asked[asked]
      if (Boolean(result) !== Boolean(request)) throw new Error(`asked and not saved: ${url}`)
      if (!request) return
      saved += 1
      t.equal(request.headers.host, meant?.host, url)
      t.equal(request.url, `${meant?.pathname}${meant?.search}`, url)
      t.equal(`${meant?.host}${meant?.username}${meant?.password}`, here, url)
    })
    await fc.assert(property, { numRuns: 1500 })
    t.ok(saved > 5, `${saved} of them led here`)
    t.ok(
      asked.every((host) => !/[^\p{L}\p{N}.:;[\]-]/u.test(host)),
      'no name has a character that parts an address'
    )
  }
)

t.test('a safe page is proven by its name, though the connection goes to an address', async (t) => {
  believeTestAuthority()
  const site = await safeSite(t, sends(story))
  t.equal((await desk(t).saves(`${site.url}/`)).bytes, story.length)
  t.equal((await desk(t).saves(`https://127.0.0.1:${site.port}/`)).bytes, story.length)
  t.same(site.names, ['page.test', false])
  t.equal(site.asked[0]?.headers.host, `page.test:${site.port}`)

  const entry = await webSite(t, leadsTo(site.url))
  t.equal((await desk(t).saves(entry.url)).url, `${site.url}/`)
})

t.test('a site that cannot prove who it is, is asked for nothing', async (t) => {
  believeTestAuthority()
  for (const named of ['expired', 'other', 'stranger']) {
    const site = await safeSite(t, sends(story), named)
    t.match(await desk(t).refused(site.url), /No safe connection to page.test/, named)
    t.equal(site.asked.length, 0)
  }
  const site = await safeSite(t, sends(story))
  t.match(await desk(t).refused(`https://other.test:${site.port}/`), /No safe connection to other.test/)
  const open = await webSite(t, sends(story))
  t.match(await desk(t).refused(open.url.replace('http:', 'https:')), /No safe connection/)
  t.equal(open.asked.length + site.asked.length, 0)
})

t.test('a safe page leads to no unsafe one', async (t) => {
  believeTestAuthority()
  const open = await webSite(t, sends(story))
  const site = await safeSite(t, leadsTo(`http://page.test:${open.port}/owls`))
  const refusal = await desk(t).refused(site.url)
  t.match(refusal, `leads on to http://page.test:${open.port}, which others could change`)
  t.equal(open.connections(), 0)
})

t.test('neither a proxy nor a careless TLS setting in the environment has a say', async (t) => {
  const site = await webSite(t, sends(story))
  const stranger = await safeSite(t, sends(story), 'stranger')
  const proxy = await webSite(t, sends('from the proxy'))
  const code = `
    import { webPages } from './src/documents/web-page/web-pages.ts'
    const around = { addressesOf: async () => ['127.0.0.1'], interfaces: () => ({}) }
    const { save } = webPages({ allow: ['127.0.0.1'], mostBytes: 1000 }, around)
    const said = (url, file) => save(url, file).then(({ bytes }) => bytes, ({ message }) => message)
    const file = process.argv[1]
    console.log(JSON.stringify([await said('http://page.test:${site.port}', file), await said('${stranger.url}', file + '2')]))`
  const careless = {
    NODE_USE_ENV_PROXY: '1',
    HTTP_PROXY: proxy.url,
    HTTPS_PROXY: proxy.url,
    http_proxy: proxy.url,
    https_proxy: proxy.url,
    ALL_PROXY: proxy.url,
    NODE_TLS_REJECT_UNAUTHORIZED: '0'
  }
  const file = join(temporaryFolder(t), 'page')
  const run = promisify(execFile)(process.execPath, ['--input-type=module', '-e', code, file], { env: careless })
  const [saved, refused] = JSON.parse((await run).stdout)
  t.equal(saved, story.length)
  t.match(refused, /No safe connection/)
  t.equal(proxy.connections(), 0)
})
