import { Type } from 'typebox'
import { oneLine } from '../shapes.ts'

const longest = 50
const most = 20

/** A tag's name as it is shown: no spaces around it, and one at most within. */
export const tidy = (name: string) => name.normalize('NFC').trim().replaceAll(/\s+/g, ' ')

/** As it is compared: "Lease" and "lease" are one tag. */
export const folded = (name: string) => tidy(name).toLowerCase()

export const TagName = Type.String({
  trim: true,
  minLength: 1,
  maxLength: longest,
  pattern: `(?=${oneLine})^[^,]*$`,
  says: `Give it a name of up to ${longest} characters, without a comma.`
})

/** One tag as an address names it. */
export const TagWanted = Type.String({
  ...TagName,
  says: 'Give the name of one of your tags, or its id.',
  description: 'Only documents with this tag of yours; its name, or its id.'
})

/** Typed into one field, with commas between them. */
export const TagText = Type.String({
  maxLength: longest * most,
  pattern: `(?=${oneLine})^(?:[^,]{0,${longest}}(?:,|$)){0,${most}}$`,
  says: `Up to ${most} tags of up to ${longest} characters, with commas between them.`
})

export const TagNames = Type.Array(TagName, {
  maxItems: most,
  says: `Up to ${most} tags of up to ${longest} characters.`
})

/** A list, or what a form can send instead. */
export const Tags = Type.Union([TagNames, TagText])

export const namesIn = (given: string | string[] = '') =>
  (Array.isArray(given) ? given : given.split(',')).map(tidy).filter(Boolean)
