import type { Db } from '../database/tables.ts'
import { newId } from '../ids.ts'
import type { EventName } from './events.ts'

export type Happening = {
  account?: string | undefined
  /** The id of the thing it happened to. */
  subject?: string | undefined
  address?: string | undefined
  requestId?: string | undefined
  detail?: Record<string, string | number | boolean | undefined> | undefined
}

export async function recordEvent(db: Db, event: EventName, what: Happening, now: Date) {
  await db
    .insertInto('audit_events')
    .values({
      id: newId(),
      at: now.toISOString(),
      event,
      account_id: what.account ?? null,
      subject: what.subject ?? null,
      address: what.address ?? null,
      request_id: what.requestId ?? null,
      detail: JSON.stringify(what.detail ?? {})
    })
    .execute()
}
