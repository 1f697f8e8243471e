import type { Memory, Turn } from './answerer.ts'
import { leansBack } from './leaning.ts'
import { contentWords } from './listening.ts'
import { fold, type Word, wordsIn } from './words.ts'

const firstPerson =
  /\b(?:i|my|mine|me|we|our|ours|us|ich|mein\w*|unser\w*|mon|ma|mes|notre|nos|mi|mis|nuestr[oa]s?|mio|mia)\b/

/** Of me and mine, or of us and ours. */
export const speaksOfOneself = (text: string) => firstPerson.test(fold(text))

const fromAnswer = 6
const fromMemory = 6
const mostBorrowed = 24
const mostTurns = 8

/** The answer as it was said, without its marks, citations and the line that says whose words it has. */
const bare = (answer: string) =>
  answer
    .replace(/^[^\n]*:\n\n/, '')
    .replace(/\\?\[\d+(?:\\?\])?/g, ' ')
    .replace(/[*_`\\#>|]/g, '')

/** Capitals inside a sentence, and years. */
function namesIn(text: string): Word[] {
  return wordsIn(text).filter(({ text: word, start, empty }) => {
    const inside = /[^.!?:\s“"‘(]["“‘(]?\s+["“‘(]?$/u.test(text.slice(Math.max(0, start - 6), start))
    return !empty && (/\d{4}/.test(word) || (/^\p{Lu}/u.test(word) && inside))
  })
}

/** The words of the turns before that a follow-up needs. */
function fromTurns(question: string, turns: Turn[]): Word[] {
  if (!leansBack(question)) return []
  const place = turns.findLastIndex(({ role }) => role === 'reader')
  const before = turns[place]
  const answer = bare(turns.findLast(({ role }) => role === 'desk')?.text ?? '').slice(0, 2000)
  const asked = before ? [...contentWords(before.text), ...fromTurns(before.text, turns.slice(0, place))] : []
  const alone = wordsIn(question).every(({ empty }) => empty)
  const named = namesIn(answer)
  const told = named.length > 0 || !alone ? named : contentWords(answer)
  return [...asked, ...told.filter(({ stem }) => !asked.some((word) => word.stem === stem)).slice(0, fromAnswer)]
}

const eachOnce = (words: Word[], without: Word[]) => {
  const seen = new Set(without.map(({ stem }) => stem))
  return words.filter(({ stem, empty }) => !empty && !seen.has(stem) && seen.add(stem))
}

/** What a question borrows: words of the turns that it leans on, and of memories about what it calls mine or ours. */
export function borrowed(question: string, turns: Turn[], memories: Memory[]): { words: string[]; memories: string[] } {
  const own = wordsIn(question)
  const leaning = eachOnce(fromTurns(question, turns.slice(-mostTurns)), own).slice(0, mostBorrowed)
  const topics = new Set([...own.filter(({ empty }) => !empty), ...leaning].map(({ stem }) => stem))
  const personal = speaksOfOneself(question)
  const related = personal ? memories.filter(({ text }) => contentWords(text).some(({ stem }) => topics.has(stem))) : []
  const lent = related.slice(0, 2).flatMap(({ text }) => contentWords(text).slice(0, fromMemory + topics.size))
  const remembered = eachOnce(lent, [...own, ...leaning]).slice(0, fromMemory)
  return {
    words: [...leaning, ...remembered].map(({ text }) => text),
    memories: remembered.length > 0 ? related.slice(0, 2).map(({ id }) => id) : []
  }
}

/** The query that the search should run: the question as it stands, and after it what it borrows. */
export function searchQuery(question: string, turns: Turn[], memories: Memory[] = []): string {
  return [question.trim(), ...borrowed(question, turns, memories).words].join(' ')
}
