// Everything works without this file; with it, some things are nicer.
import { askInPlace } from './asking.js'
import { copyCode } from './code.js'
import { copyButtons } from './copy.js'
import { dropZones } from './drop.js'
import { liveHints } from './hints.js'
import { liveParts } from './live.js'
import { showPasswords } from './passwords.js'
import { pendingButtons } from './pending.js'
import { signInDialog } from './sign-in-dialog.js'
import { ownTimes } from './times.js'

export function improve(part) {
  showPasswords(part)
  liveHints(part)
  copyButtons(part)
  copyCode(part)
  ownTimes(part)
  dropZones(part)
}

improve(document)
pendingButtons(document)
signInDialog(document, improve)
askInPlace(document, improve)
liveParts(document, improve)
