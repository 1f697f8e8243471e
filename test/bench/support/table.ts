/** Prints a Markdown table whose columns line up. */
export function table(title: string, head: string[], rows: string[][], notes: string[] = []) {
  const widths = head.map((_, at) => Math.max(3, ...[head, ...rows].map((row) => (row[at] ?? '').length)))
  const line = (row: string[]) => `| ${widths.map((width, at) => (row[at] ?? '').padEnd(width)).join(' | ')} |`
  console.log(`\n## ${title}\n`)
  console.log(line(head))
  console.log(line(widths.map((width) => '-'.repeat(width))))
  for (const row of rows) console.log(line(row))
  for (const note of notes) console.log(`\n${note}`)
}

export const measured = ['', 'median', '±', 'min..max', 'target', '']
