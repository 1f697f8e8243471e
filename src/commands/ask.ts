import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'

export type Ask = (question: string, secret?: boolean) => Promise<string>

/** Asks on the terminal, or reads a line per question from whatever is piped in. A secret is not echoed. */
export async function asking<Result>(work: (ask: Ask) => Promise<Result>): Promise<Result> {
  let quiet = false
  const output = new Writable({
    write(text, _encoding, done) {
      if (!quiet) process.stdout.write(text)
      done()
    }
  })
  const terminal = process.stdin.isTTY
  const lines = createInterface({ input: process.stdin, output, terminal })
  const typed = lines[Symbol.asyncIterator]()

  const ask: Ask = async (question, secret = false) => {
    process.stdout.write(`${question}: `)
    quiet = secret
    const { value } = await typed.next()
    quiet = false
    if (secret || !terminal) process.stdout.write('\n')
    return value ?? ''
  }
  return work(ask).finally(() => lines.close())
}
