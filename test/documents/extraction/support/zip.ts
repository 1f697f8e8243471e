import { crc32, deflateRawSync } from 'node:zlib'

/** One entry, and what its headers are to say about it where that is not the truth. */
export type Entry = {
  name: string
  content: Buffer | string
  stored?: boolean
  claims?: { size?: number; sum?: number; flags?: number; method?: number; offset?: number }
}

const localBytes = 30
const centralBytes = 46
const endBytes = 22

/** A small writer of zip files, because no library writes one that lies. */
export function zip(entries: Entry[], { count = entries.length } = {}): Buffer {
  const local: Buffer[] = []
  const central: Buffer[] = []
  let at = 0

  for (const { name, content, stored = false, claims = {} } of entries) {
    const plain = Buffer.from(content)
    const packed = stored ? plain : deflateRawSync(plain)
    const path = Buffer.from(name)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(claims.flags ?? 0x800, 2)
    common.writeUInt16LE(claims.method ?? (stored ? 0 : 8), 4)
    common.writeUInt32LE(claims.sum ?? crc32(plain), 10)
    common.writeUInt32LE(packed.length, 14)
    common.writeUInt32LE(claims.size ?? plain.length, 18)
    common.writeUInt16LE(path.length, 22)

    const head = Buffer.alloc(centralBytes)
    head.write('PK\x01\x02', 0, 'latin1')
    head.writeUInt16LE(20, 4)
    common.copy(head, 6)
    head.writeUInt32LE(claims.offset ?? at, 42)
    central.push(head, path)
    local.push(Buffer.from('PK\x03\x04', 'latin1'), common, path, packed)
    at += localBytes + path.length + packed.length
  }

  const directory = Buffer.concat(central)
  const end = Buffer.alloc(endBytes)
  end.write('PK\x05\x06', 0, 'latin1')
  end.writeUInt16LE(count, 8)
  end.writeUInt16LE(count, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...local, directory, end])
}
