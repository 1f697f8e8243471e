import type { Reason } from '../unreadable.ts'

// How files begin that hold no text to be had, one character for each byte.
const signatures: [Reason, RegExp][] = [
  ['picture', /^(?:\xFF\xD8\xFF|\x89PNG\r\n|GIF8[79]a|BM[\s\S]{4}\0\0\0\0|II\*\0|MM\0\*|8BPS\0|\0\0\x01\0[\s\S]{3}\0)/],
  ['picture', /^(?:RIFF[\s\S]{4}WEBP|[\s\S]{4}ftyp(?:hei[cx]|mif1|msf1|avi[fs]))/],
  ['sound', /^(?:ID3[\x02-\x04]\0|\xFF[\xFB\xF3\xF2]|OggS\0|fLaC\0|FLV\x01|\x1A\x45\xDF\xA3)/],
  ['sound', /^(?:RIFF[\s\S]{4}(?:WAVE|AVI )|[\s\S]{4}ftyp)/],
  ['archive', /^(?:\x1F\x8B|BZh\d1AY&SY|7z\xBC\xAF'\x1C|Rar!\x1A|\xFD7zXZ\0|\x28\xB5\x2F\xFD|[\s\S]{257}ustar)/],
  ['program', /^(?:\x7FELF|MZ[\s\S]{0,62}\0\0|[\xCE\xCF]\xFA\xED\xFE|\xCA\xFE\xBA\xBE|\0asm)/],
  ['richText', /^\{\\rtf\d/]
]

const compound = Buffer.from('D0CF11E0A1B11AE1', 'hex')
const locked = Buffer.from('EncryptedPackage', 'utf16le')
const firstBytes = 300

/** Why a file cannot be read that can be told from others by its first bytes. */
export function unreadableByStart(bytes: Buffer): Reason | undefined {
  // A locked docx or xlsx is wrapped in what Word and Excel wrote before those were invented.
  if (bytes.subarray(0, compound.length).equals(compound)) return bytes.includes(locked) ? 'password' : 'olderOffice'
  const start = bytes.toString('latin1', 0, firstBytes)
  return signatures.find(([, signature]) => signature.test(start))?.[0]
}
