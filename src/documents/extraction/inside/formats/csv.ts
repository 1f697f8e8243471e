import Papa from 'papaparse'
import type { Output } from '../output.ts'
import type { Found } from '../read-file.ts'

// What Excel writes first to tell itself what stands between the cells.
const tellsSeparator = /^sep=(.)\r?\n/i

/** A row is a block. What stands between the cells is found out from the first rows. */
export function readCsv(text: string, output: Output): Found {
  const told = tellsSeparator.exec(text)
  Papa.parse<string[]>(told ? text.slice(told[0].length) : text, {
    ...(told?.[1] && { delimiter: told[1] }),
    skipEmptyLines: true,
    step: ({ data }) => output.row(data)
  })
  return {}
}
