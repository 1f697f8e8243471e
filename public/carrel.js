// Everything works without this file; with it, some things are nicer.
import { copyButtons } from './copy.js'
import { liveHints } from './hints.js'
import { showPasswords } from './passwords.js'
import { pendingButtons } from './pending.js'
import { signInDialog } from './sign-in-dialog.js'
import { ownTimes } from './times.js'

/** What only some pages need is fetched by those. */
const forSome = [
  ['form[data-drop]', async (part) => (await import('./drop.js')).dropZones(part)],
  ['.answer pre', async (part) => (await import('./code.js')).copyCode(part)],
  ['form[data-asks]', async (part) => (await import('./asking.js')).askInPlace(part, improve)],
  ['[data-live]', async (part) => (await import('./live.js')).liveParts(part, improve)]
]

export function improve(part) {
  showPasswords(part)
  liveHints(part)
  copyButtons(part)
  ownTimes(part)
  for (const [where, better] of forSome) if (part.querySelector(where)) better(part)
}

improve(document)
pendingButtons(document)
signInDialog(document, improve)
