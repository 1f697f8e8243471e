/** A passage the search found, under the number an answer cites it by. */
export type Source = {
  n: number
  passage: string
  document: string
  title: string
  section: string
  page?: number
  text: string
  /** How well it matched, from 0 to 1 over what the search found. */
  score: number
  lexical?: { rank: number; score: number }
  /**
   * The score is the cosine itself, which tells how near a passage is without looking at the others. With an embedder
   * whose cosines are all high it is better left out.
   */
  dense?: { rank: number; score: number }
}

export type Turn = { role: 'reader' | 'desk'; text: string }

export type Memory = { id: string; text: string }

export type Kept = { kind: 'fact' | 'preference'; text: string }

export type Preferences = { length?: 'short' | 'normal' | 'long'; language?: string; about?: string }

export type Asked = {
  question: string
  turns: Turn[]
  sources: Source[]
  memories: Memory[]
  preferences: Preferences
  signal: AbortSignal
}

/**
 * The texts of all pieces, joined, are the answer in Markdown, with `[n]` for a citation. A note is what Carrel says by
 * itself, with a number where it names source `n`. The `quote` of a quote is cut from the text of source `n`, character for character.
 */
export type Piece =
  | { kind: 'text'; text: string }
  | { kind: 'note'; text: string; n?: number }
  | { kind: 'quote'; text: string; n: number; quote: string }

export type Outcome = {
  status: 'answered' | 'nothing-found'
  /** The numbers that stand in the answer, in their order. */
  cited: number[]
  /** The numbers of the passages that were read for it; the weakest may not have fitted into the prompt. */
  read: number[]
  usedMemories: string[]
  promptTokens?: number
}

/** Answers in pieces, as they come. It throws an AnswerFailed, or the reason of the signal when that was given. */
export interface Answerer {
  name: string
  /** True where an answer is nothing but quotes. */
  quotes: boolean
  answer(asked: Asked): AsyncGenerator<Piece, Outcome>
  /** What somebody states about themselves in a question, and what they wish of answers, where this can tell. */
  worthKeeping?(question: string, signal: AbortSignal): Promise<Kept[]>
}
