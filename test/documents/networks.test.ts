import fc from 'fast-check'
import ipaddr from 'ipaddr.js'
import t from 'tap'
import { closedNetworkOf, closedNetworks, networks } from '../../src/documents/web-page/networks.ts'
import { reachOf } from '../../src/documents/web-page/reach.ts'

const every = Object.values(closedNetworks).flat()
const refuses = (address: string) => closedNetworkOf(address) !== undefined
const holds = (property: fc.IRawProperty<unknown>) => fc.assert(property as never, { numRuns: 3000 })

/** The address with these bits, of 4 or 16 bytes. */
const written = (bits: bigint, bytes: number) =>
  ipaddr
    .fromByteArray(
      Array.from({ length: bytes }, (_, index) => Number((bits >> BigInt(8 * (bytes - 1 - index))) & 255n))
    )
    .toString()

function edgesOf(network: string) {
  const [address, length] = ipaddr.parseCIDR(network)
  const bytes = address.toByteArray()
  const first = bytes.reduce((bits, byte) => bits * 256n + BigInt(byte), 0n)
  const size = 1n << BigInt(bytes.length * 8 - length)
  return { first, last: first + size - 1n, bytes: bytes.length }
}

const anyIPv4 = fc.bigInt(0n, (1n << 32n) - 1n)
const anyIPv6 = fc.bigInt(0n, (1n << 128n) - 1n)

t.test('no address of a closed network is public: not the first, not the last, none between', async (t) => {
  t.ok(every.length > 30)
  for (const network of every) {
    const { first, last, bytes } = edgesOf(network)
    t.ok(refuses(written(first, bytes)), `the first of ${network}`)
    t.ok(refuses(written(last, bytes)), `the last of ${network}`)
    fc.assert(fc.property(fc.bigInt(first, last), (bits) => refuses(written(bits, bytes))))
  }
})

const telling4 = [0, 1, 2, 10, 16, 18, 19, 31, 32, 48, 51, 52, 64, 88, 99, 100, 113, 127, 128, 168, 169, 172, 175, 192]
const telling4Too = [193, 196, 198, 203, 224, 239, 240, 254, 255]
const telling6 = [0, 1, 2, 3, 4, 0x10, 0x20, 0x30, 0x64, 0x100, 0x112, 0xdb8, 0x2001, 0x2002, 0x2600, 0x2620, 0x3fff]
const telling6Too = [0x5f00, 0x7f00, 0xa00, 0xfc00, 0xfdff, 0xfe80, 0xfec0, 0xff02, 0xff9b, 0xffff]
const parts4 = fc.array(fc.constantFrom(...telling4, ...telling4Too), { minLength: 4, maxLength: 4 })
const parts6 = fc.array(fc.constantFrom(...telling6, ...telling6Too), { minLength: 8, maxLength: 8 })

t.test('what another table of special networks knows is closed here too', async (t) => {
  // These are ordinary servers that answer everywhere, for queries that should not have been asked and for multicast.
  const open = ['unicast', 'as112', 'as112v6', 'amt']
  const judged = (address: string) => refuses(address) || open.includes(ipaddr.parse(address).range())
  holds(fc.property(anyIPv4, (bits) => judged(written(bits, 4))))
  holds(fc.property(anyIPv6, (bits) => judged(written(bits, 16))))
  holds(fc.property(parts4, (parts) => judged(parts.join('.'))))
  holds(
    fc.property(parts6, fc.nat(7), (parts, zeros) => {
      const some = parts.map((part, index) => (index > zeros ? 0 : part).toString(16))
      return judged(some.join(':')) && judged(some.toReversed().join(':'))
    })
  )
  t.pass('no counterexample')
})

t.test('no IPv4 address is reached through IPv6', async (t) => {
  holds(
    fc.property(anyIPv4, (bits) => {
      const low = bits.toString(16).padStart(8, '0')
      const pair = `${low.slice(0, 4)}:${low.slice(4)}`
      const detours = [
        `::${pair}`,
        `::ffff:${pair}`,
        `::ffff:${written(bits, 4)}`,
        `::ffff:0:${pair}`,
        `64:ff9b::${pair}`
      ]
      const tunnels = [`64:ff9b:1::${pair}`, `2002:${pair}::`, `2002:${pair}::1`, `2001:0:${pair}::`, `2001::${pair}`]
      return [...detours, ...tunnels].every(refuses)
    })
  )
  t.pass('no counterexample')
})

t.test('what a cloud tells its own machines, and only them, is told to nobody', async (t) => {
  const told = ['169.254.169.254', '169.254.170.2', '168.63.129.16', '100.100.100.200', '192.0.0.192']
  for (const address of [...told, 'fd00:ec2::254', 'fd20:ce::254', 'fe80::a9fe:a9fe']) t.ok(refuses(address), address)
})

t.test('what lies beside a closed network is open', async (t) => {
  const open = [
    ...['1.1.1.1', '8.8.8.8', '9.255.255.255', '11.0.0.0', '100.63.255.255', '100.128.0.0', '126.255.255.255'],
    ...['128.0.0.0', '169.253.255.255', '169.255.0.0', '172.15.255.255', '172.32.0.0', '191.255.255.255'],
    ...['192.0.1.0', '192.0.3.0', '192.167.255.255', '192.169.0.0', '198.17.255.255', '198.20.0.0'],
    ...['198.51.99.255', '203.0.112.255', '203.0.114.0', '223.255.255.255', '168.63.129.15', '1.0.0.0'],
    ...['2001:200::', '2001:db7:ffff::', '2001:db9::', '2003::1', '2606:4700::1111', '2a00:1450:4001::200e', '2400::'],
    ...['2000::', '3ffe:ffff::', '3fff:1000::']
  ]
  for (const address of open) t.equal(closedNetworkOf(address), undefined, address)
})

t.test('what is no plain address is not public', async (t) => {
  for (const address of [
    '',
    'localhost',
    '8.8.8.8%1',
    'fe80::1%eth0',
    '2606:4700::1111%2',
    '08.8.8.8',
    '8.8.8',
    '0x8080808',
    '[::1]',
    ' 8.8.8.8'
  ])
    t.equal(closedNetworkOf(address), 'no plain address', address)
})

t.test('a network holds what is written in it, and nothing of the other family', async (t) => {
  const some = networks(['10.0.0.0/8', '192.0.2.7', '::/0'])
  for (const address of ['10.0.0.0', '10.255.255.255', '192.0.2.7', '::1', '::ffff:11.0.0.1'])
    t.ok(some.has(address), address)
  for (const address of ['11.0.0.0', '192.0.2.8', 'wiki.local', '']) t.notOk(some.has(address), address)
  t.notOk(networks(['10.0.0.0/8']).has('::ffff:10.0.0.1'))
})

const card = (address: string, cidr: string, family: 'IPv4' | 'IPv6') =>
  ({ address, cidr, family, netmask: '', mac: '', internal: false, scopeid: 0 }) as never

t.test('this machine and its own IPv6 network are closed though their addresses are public', async (t) => {
  const cards = () => ({
    eth0: [card('8.8.4.4', '8.8.4.4/24', 'IPv4'), card('2a02:8108:1:2::5', '2a02:8108:1:2::5/64', 'IPv6')],
    tun0: [card('2a0e:1::1', '2a0e:1::1/32', 'IPv6')],
    gone: undefined
  })
  const reach = reachOf(['2a02:8108:1:2::7'], cards)
  const closed = (address: string) => reach.closed('page.test', address)
  for (const address of ['8.8.4.4', '2a02:8108:1:2::5', '2a02:8108:1:2:ffff::1', '2a0e:1::1'])
    t.equal(closed(address), 'beside this machine', address)
  for (const address of ['8.8.4.5', '2a02:8108:1:3::5', '2a0e:1::2', '2a02:8108:1:2::7'])
    t.equal(closed(address), undefined)
})

t.test('FETCH_ALLOW opens a host by exactly its name, an address, a network, and nothing else', async (t) => {
  const reach = reachOf(['Wiki.local', '10.1.0.0/16', '192.168.1.4', 'fd00::/8', '::1'], () => ({}))
  const closed = (host: string, address: string) => Boolean(reach.closed(host, address))
  for (const address of ['127.0.0.1', '169.254.169.254', 'fe80::1']) t.notOk(closed('wiki.local', address))
  for (const host of ['a.wiki.local', 'wiki.local.', 'wiki', 'xwiki.local', '']) t.ok(closed(host, '127.0.0.1'), host)
  for (const address of ['10.1.0.0', '10.1.255.255', '192.168.1.4', 'fd12::1', '::1'])
    t.notOk(closed('x', address), address)
  for (const address of ['10.2.0.0', '192.168.1.5', 'fc00::1', '::2', '127.0.0.1', '::ffff:10.1.0.1'])
    t.ok(closed('x', address), address)
})
