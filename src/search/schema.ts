import { Type } from 'typebox'
import { Id } from '../shapes.ts'

const limit = Type.Integer({ minimum: 1, maximum: 50, finite: true, default: 10, says: 'Ask for 1 to 50 at a time.' })
const tag = Type.Optional(Id)

/** Anything may be asked; what is too long to mean something is cut, not refused. */
const q = Type.String({ default: '' })

export const SearchHere = Type.Object({ q, tag, limit })
export const SearchJson = Type.Object({
  workspace_id: { ...Id, says: 'Choose one of your workspaces.' },
  q,
  tag,
  limit
})
