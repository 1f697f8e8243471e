/** What would mean something to Markdown wherever it stands, and what would only where a line begins. */
const marks = /[\\`*_[<~]|&(?=#?\w+;)/g
const lineStart = /^([#+=>|-]|\d{1,9}(?=[.)]))/

/** Any text as one line of Markdown that shows it as it is: nothing in it becomes a link, a citation or a heading. */
export function asMarkdown(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  const escaped = line.replace(marks, (mark) => `\\${mark}`)
  return escaped.replace(lineStart, (mark) => (/\d/.test(mark) ? `${mark}\\` : `\\${mark}`))
}
