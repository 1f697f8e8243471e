/** What a document can turn out to be: what it is called, and how its file ends. */
export const formats = {
  txt: { words: 'Text', ending: '.txt' },
  md: { words: 'Markdown', ending: '.md' },
  html: { words: 'Web page', ending: '.html' },
  pdf: { words: 'PDF', ending: '.pdf' },
  docx: { words: 'Word', ending: '.docx' },
  odt: { words: 'OpenDocument', ending: '.odt' },
  pptx: { words: 'Slides', ending: '.pptx' },
  xlsx: { words: 'Spreadsheet', ending: '.xlsx' },
  csv: { words: 'Table', ending: '.csv' },
  epub: { words: 'Book', ending: '.epub' },
  eml: { words: 'Mail', ending: '.eml' }
} as const

const known = (format: string | null) =>
  format && format in formats ? formats[format as keyof typeof formats] : undefined

export const inWords = (format: string | null): string => known(format)?.words ?? 'Document'
export const endingOf = (format: string | null): string => known(format)?.ending ?? '.bin'
