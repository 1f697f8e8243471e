import { mkdirSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '../config.ts'
import { newId } from '../ids.ts'

export type Letter = { to: string; subject: string; text: string }

/** The library is read when the first letter is written; most Carrels never write one. */
const library = async () => (await import('nodemailer')).default

/** Sends letters through SMTP_URL. Without one they are put into DATA_DIR/outbox, for the administrator to pass on. */
export function openMailer(config: Config) {
  const host = config.publicUrl ? new URL(config.publicUrl).hostname : 'localhost'
  const from = config.mailFrom ?? `Carrel <carrel@${host}>`
  const timeouts = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 20_000 }
  const outbox = join(config.dataDir, 'outbox')

  async function keep(letter: Letter) {
    const written = (await library()).createTransport({ streamTransport: true, buffer: true })
    const { message } = await written.sendMail({ from, ...letter })
    mkdirSync(outbox, { recursive: true, mode: 0o700 })
    await writeFile(join(outbox, `${newId()}.eml`), message as Buffer, { mode: 0o600, flush: true })
  }

  async function post(url: string, letter: Letter) {
    const transport = (await library()).createTransport({ url, ...timeouts })
    await transport.sendMail({ from, ...letter }).finally(() => transport.close())
  }

  return { send: (letter: Letter) => (config.smtpUrl ? post(config.smtpUrl, letter) : keep(letter)) }
}

export type Mailer = ReturnType<typeof openMailer>
