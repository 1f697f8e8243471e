import { fold, wordsIn } from './words.ts'

const opener = /^\W*(?:and|but|or|so|then|also|what about|how about|what if|und|oder|aber|et|mais|y|pero|e|ma|maar)\b/
const preposition =
  /^\W*(?:for|in|on|at|with|without|by|from|to|during|after|before|since|until|fur|bei|mit|ohne|im|am|pour|avec|sans|dans|para|con|sin)\b/
const verb =
  /\b(?:is|are|was|were|am|be|been|do|does|did|has|have|had|can|could|may|might|must|shall|should|will|would|ist|sind|war|waren|hat|haben|kann|muss|darf|wird|est|sont|etait|peut|doit|es|son|era|fue|puede|debe|e|sono)\b/
const request =
  /^\W*(?:(?:tell me|say|show me)? ?more(?: details?)?|go on|continue|elaborate|why not|really|are you sure|in short|shorter|summari[sz]e|explain|(?:give me |show me )?(?:an |some |another )?examples?)\b[^a-z0-9]*(?:this|that|it|more|please|in detail)?\W*$/

/** Words that stand for something said before. Where such a word also has another use, what must stand beside it. */
const pointers = [
  /\b(?:he|him|his|she|hers?|they|them|theirs?|its|these|those|else|instead|otherwise)\b|\bthe (?:former|latter)\b(?! \p{L})/u,
  /\bit\b(?! (?:is |was )?(?:\w+ly )?(?:\w+ (?:that|when|if)|(?:allowed|common|costs?|easier|easy|forbidden|harder?|legal|likely|necessary|normal|ok|okay|possible|required|safe|takes?|took|true) (?:to|for))\b)/,
  /\bthis\b(?! (?:year|month|week|morning|evening|summer|winter)\b)/,
  /\b(?:is|was|are|were|does|did|do|about|of|than|after|before|with|from|for|by|on|to|like|why|how|mean by) that\b|\bthat (?:one|case|time|year|day|way)\b|\bthat\W*$/,
  /\b(?:from|to|get|go|live|happen\w*|out|in|over|up) there\b|(?<!\b(?:is|are|was|were) )\bthere\W*$/,
  /\b(?:which|that|this|other|another|first|second|third|last|next) ones?\b|\bthe same\b|\bthen\W*$|\btoo\W*$/,
  /\b(?:er|ihn|ihm|ihnen|dessen|deren|davon|damit|dazu|darin|dabei|dafur|dagegen|daruber|danach|dort|diese[rsnm]?)\b/,
  /\b(?:ist|war|sind|waren|bedeutet|heisst|wegen) das\b|\bdas\W*$/,
  /[它他她这那]|それ|これ|あれ|彼/,
  /(?<!\by a[ -]t[ -])\b(?:ils?|elles?|celui|celle|ceux|cela|ca|eso|ello|ellos|ellas|ella|alli|lui|loro|questo|quello|hij|zij|dat|daar)\b(?! (?:y a|faut)\b)/
]

/** True of a question that cannot be understood without what was said before it. */
export function leansBack(question: string): boolean {
  const folded = fold(question)
  const words = wordsIn(question)
  const full = words.filter(({ empty }) => !empty)
  if (full.length === 0 || opener.test(folded) || request.test(folded) || /呢\W*$/u.test(question)) return true
  if (!verb.test(folded)) {
    if (full.length === 1 && (words.length > 1 || /\?\s*$/.test(question))) return true
    if (full.length <= 2 && preposition.test(folded)) return true
  }
  if (/\bdas \p{Ll}+\W*$/u.test(question)) return true
  // After two words of its own, or one and an "and", "it" means something in the question itself.
  const first = full[0]?.end ?? 0
  const joined = folded.slice(first).search(/\b(?:and|or|before|after|when|if|und|oder|wenn|et|ou|y|o)\b/)
  const enough = Math.min(
    full[1]?.end ?? Number.POSITIVE_INFINITY,
    joined < 0 ? Number.POSITIVE_INFINITY : first + joined
  )
  return pointers.some((pointer) => {
    const found = pointer.exec(folded)
    return found !== null && found.index < enough
  })
}
