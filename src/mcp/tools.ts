import type { Tool } from './tool.ts'
import { ask } from './tools/ask.ts'
import { listWorkspaces } from './tools/list-workspaces.ts'
import { readPassage } from './tools/read-passage.ts'
import { saveNote } from './tools/save-note.ts'
import { search } from './tools/search.ts'

export const tools: Tool[] = [listWorkspaces, search, readPassage, ask, saveNote]
