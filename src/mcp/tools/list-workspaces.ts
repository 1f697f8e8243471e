import { Type } from 'typebox'
import { Page } from '../../shapes.ts'
import { workspacesOf } from '../../workspaces/store.ts'
import { quoted } from '../quoted.ts'
import { tool } from '../tool.ts'

const { cursor, limit } = Page.properties

const Workspace = Type.Object({
  workspace_id: Type.String(),
  name: Type.String({ description: 'As somebody called it.' }),
  description: Type.String({ description: 'As somebody described it.' }),
  role: Type.String({ description: 'owner or editor: notes may be saved here. viewer: it may be read and asked.' }),
  is_room: Type.Boolean({ description: 'Whether it is the private room everybody has from the beginning.' })
})

export const listWorkspaces = tool({
  name: 'list_workspaces',
  title: 'List workspaces',
  description:
    'Lists the workspaces there are, newest first, with their ids. Call it first: the other tools need the id of a workspace.',
  scope: 'read',
  changes: false,
  again: true,
  input: Type.Object(
    {
      cursor: Type.Optional({ ...cursor, description: 'The next_cursor of the list before, to go on from there.' }),
      limit: { ...limit, description: 'How many to list.' }
    },
    { additionalProperties: false }
  ),
  output: Type.Object({
    workspaces: Type.Array(Workspace),
    next_cursor: Type.Union([Type.String(), Type.Null()], { description: 'For the rest, if there is more.' })
  }),
  async run(wanted, { app, request }) {
    const { items, next_cursor } = await workspacesOf(request.user, app.db).list(wanted)
    const workspaces = items.map(({ id, name, description, role, is_room }) => ({
      ...{ workspace_id: id, name, description, role, is_room }
    }))
    const lines = workspaces.map(
      ({ workspace_id, name, description, role }) =>
        `workspace_id: ${workspace_id} · ${role}\n${quoted([name, description].filter(Boolean).join('\n'))}`
    )
    const more = next_cursor ? [`There are more: next_cursor is ${next_cursor}.`] : []
    return {
      text: [`Workspaces: ${items.length}.`, ...lines, ...more].join('\n\n'),
      told: { workspaces, next_cursor }
    }
  }
})
