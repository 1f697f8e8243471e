/** A piece of a document in reading order: a paragraph, a row, or a heading of some level; of a page, where there are. */
export type Block = { text: string; heading?: 1 | 2 | 3 | 4 | 5 | 6; page?: number }
