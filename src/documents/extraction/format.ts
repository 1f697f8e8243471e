export const formats = ['txt', 'md', 'html', 'pdf', 'docx', 'odt', 'pptx', 'xlsx', 'csv', 'epub', 'eml'] as const
export type Format = (typeof formats)[number]

export type Level = 1 | 2 | 3 | 4 | 5 | 6

/** A paragraph, an item of a list, a row of a table or a heading: one line of plain text. */
export type Block = { text: string; heading?: Level; page?: number }

export type Extracted = { format: Format; title?: string; pages?: number; blocks: Block[] }
