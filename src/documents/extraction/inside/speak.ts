import { readSync, writeSync } from 'node:fs'
import { frame } from '../frames.ts'

const listening = 0
const speaking = 3

/** Waits for as many bytes as that. Nothing when whoever speaks to us is gone. */
export function hear(size: number): Buffer | undefined {
  const heard = Buffer.alloc(size)
  for (let at = 0; at < size; ) {
    const read = readSync(listening, heard, at, size - at, null)
    if (read === 0) return
    at += read
  }
  return heard
}

export function say(said: object) {
  const bytes = frame(said)
  for (let at = 0; at < bytes.length; ) at += writeSync(speaking, bytes, at)
}
