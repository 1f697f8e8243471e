/** How somebody says in a language what they are and what they wish. Every pattern stands at the start of a sentence. */
export type Language = {
  /** Words before the matter itself. */
  filler: RegExp
  /** Asks in so many words that something be remembered: that is its group. */
  remember: RegExp
  preferences: RegExp[]
  facts: RegExp[]
  /** What begins like a fact, but is about the question or the moment. */
  passing: RegExp
}

/** A pattern from its parts, for what is too long for one line; space in it is for its reader. */
export const pattern = (source: string) => new RegExp(source.replaceAll(/\s*\n\s*/g, ''), 'iu')
