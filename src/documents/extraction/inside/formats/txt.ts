import { linesOf, paragraphsOf } from '../lines.ts'
import type { Output } from '../output.ts'
import type { Found } from '../read-file.ts'

/** Paragraphs apart by an empty line, or a line each. */
export function readTxt(text: string, output: Output): Found {
  let lines: string[] = []

  function flush() {
    for (const paragraph of paragraphsOf(lines)) output.block(paragraph)
    lines = []
  }

  for (const line of linesOf(text)) {
    if (/\S/.test(line)) lines.push(line)
    else flush()
  }
  flush()
  return {}
}
