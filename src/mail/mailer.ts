import { mkdirSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import nodemailer from 'nodemailer'
import type { Config } from '../config.ts'
import { newId } from '../ids.ts'

export type Letter = { to: string; subject: string; text: string }

/** Sends letters through SMTP_URL. Without one they are put into DATA_DIR/outbox, for the administrator to pass on. */
export function openMailer(config: Config) {
  const host = config.publicUrl ? new URL(config.publicUrl).hostname : 'localhost'
  const from = config.mailFrom ?? `Carrel <carrel@${host}>`
  const timeouts = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 20_000 }
  const smtp = config.smtpUrl ? nodemailer.createTransport({ url: config.smtpUrl, ...timeouts }) : undefined
  const outbox = join(config.dataDir, 'outbox')

  async function keep(letter: Letter) {
    const written = nodemailer.createTransport({ streamTransport: true, buffer: true })
    const { message } = await written.sendMail({ from, ...letter })
    mkdirSync(outbox, { recursive: true, mode: 0o700 })
    await writeFile(join(outbox, `${newId()}.eml`), message as Buffer, { mode: 0o600, flush: true })
  }

  return {
    async send(letter: Letter) {
      if (smtp) await smtp.sendMail({ from, ...letter })
      else await keep(letter)
    },
    close: () => smtp?.close()
  }
}

export type Mailer = ReturnType<typeof openMailer>
