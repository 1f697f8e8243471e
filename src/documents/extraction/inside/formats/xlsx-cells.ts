import type { NumberFormat } from './xlsx-formats.ts'

export type Cell = { type: string; style: number; text: string }
export type Workbook = { strings: string[]; formats: NumberFormat[]; from1904: boolean }

const day = 24 * 60 * 60 * 1000
const significantDigits = 15

/** The column of `C7` is 2, counted from nothing. */
export function columnOf(reference: string): number {
  const letters = /^[A-Z]{1,3}(?=\d)/.exec(reference)?.[0] ?? ''
  return [...letters].reduce((column, letter) => column * 26 + letter.charCodeAt(0) - 64, 0) - 1
}

/** A day is counted from the end of 1899; a part of one is the time. */
function date(serial: number, from1904: boolean): string {
  const at = new Date(Date.UTC(1899, 11, 30) + Math.round((serial + (from1904 ? 1462 : 0)) * day))
  if (Number.isNaN(at.getTime()) || serial < 0) return String(serial)
  const [on = '', time = ''] = at.toISOString().split('T')
  const clock = time.slice(0, time.endsWith(':00.000Z') ? 5 : 8)
  if (serial < 1) return clock
  return Number.isInteger(serial) ? on : `${on} ${clock}`
}

function number(text: string, format: NumberFormat | undefined, from1904: boolean): string {
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value)) return text
  if (format === 'date') return date(value, from1904)
  const shown = (exact: number) => String(Number(exact.toPrecision(significantDigits)))
  return format === 'percent' ? `${shown(value * 100)}%` : shown(value)
}

/** A cell as a person sees it, near enough to find it again. */
export function shownAs({ type, style, text }: Cell, { strings, formats, from1904 }: Workbook): string {
  if (type === 's') return strings[Number(text)] ?? ''
  if (type === 'b') return text === '1' ? 'TRUE' : 'FALSE'
  if (type === 'n') return number(text, formats[style], from1904)
  return text
}
