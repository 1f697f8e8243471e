import type { Db, Row } from '../database/tables.ts'
import type { Document } from './store.ts'

export const passagesAtOnce = 60

type Stored = Pick<Row<'passages'>, 'id' | 'n' | 'text' | 'headings' | 'page'>
export type Paragraph = { text: string; level: number | undefined }
export type ShownPassage = { id: string; n: number; page: number | null; paragraphs: Paragraph[] }

function shown({ id, n, text, headings, page }: Stored): ShownPassage {
  const levels = new Map(JSON.parse(headings) as [number, number][])
  const paragraphs = text.split('\n\n').map((paragraph, index) => ({ text: paragraph, level: levels.get(index) }))
  return { id, n, page, paragraphs }
}

/** All a passage says, in one text. */
export const textOf = ({ paragraphs }: ShownPassage) => paragraphs.map(({ text }) => text).join('\n\n')

/** The text of a document in order, some at a time; every query below starts from `here`. */
export function passagesOf({ id, workspace_id }: Document, db: Db) {
  const here = db.selectFrom('passages').where('workspace_id', '=', workspace_id).where('document_id', '=', id)

  async function from(
    first: number,
    most = passagesAtOnce
  ): Promise<{ passages: ShownPassage[]; next: number | undefined }> {
    const rows = await here
      .select(['id', 'n', 'text', 'headings', 'page'])
      .where('n', '>=', first)
      .orderBy('n')
      .limit(most + 1)
      .execute()
    return { passages: rows.slice(0, most).map(shown), next: rows[most]?.n }
  }

  return { from }
}
