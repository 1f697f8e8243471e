/** A passage as it goes into the index; `lead` is searched but not shown. */
export type Entry = {
  passage: string
  document: string
  title: string
  section: string
  lead: string
  text: string
  vector?: Float32Array
}

/**
 * What happens to an index at once, or not at all. Documents are removed first; an entry takes the place of the one with
 * the same passage. The same change may come again, and changes nothing then.
 */
export type Change = { revision: number; embedder?: string; remove?: string[]; add?: Entry[] }

export type State = { revision: number; embedder?: string; passages: number; documents: number; vectors: number }

export type Question = {
  question: string
  vector?: Float32Array
  /** Which embedder made the vector; one that is not the index's is left alone. */
  embedder?: string
  limit: number
  /** Only passages of these. */
  documents?: string[]
}

type Rank = { rank: number; score: number }
/** What was found, and at which place by words and by meaning. Of the scores only their order says something. */
export type Hit = { passage: string; document: string; score: number; lexical?: Rank; dense?: Rank }
export type Found = { revision: number; hits: Hit[] }
