import { sentencesIn } from '../answerers/sentences.ts'
import { english } from './languages/english.ts'
import { french } from './languages/french.ts'
import { german } from './languages/german.ts'
import { spanish } from './languages/spanish.ts'

/** What somebody says of themselves or wishes; `urged` where they ask that it be remembered. */
export type Said = { kind: 'fact' | 'preference'; text: string; urged: boolean }

const languages = [english, german, french, spanish]

const most = 5
const longest = 300
/** What is longer was hardly written for this question. */
export const longestRead = 1500

/** Then the rest is somebody else's text, or one to be worked on. */
const aboutText =
  /^\s*(?:(?:please|bitte),? )?(?:translate|rewrite|rephrase|proofread|correct|edit|improve|summari[sz]e|paraphrase|übersetz|korrigier|fasse? zusammen|traduis|traduisez|corrige|résume|traduce|resume)/iu
const quoted = /```.*?(?:```|$)|^>.*$|[“"«„][^“”"«»„]{12,}[”"»“]/gmsu

const asks = /\?["”»)]*$|？$|^¿|\b(?:can|may|should|must|could|shall) (?:i|we)\b/iu
/** "I am vegetarian, what can I eat?" says something before it asks. */
const statementFirst =
  /^([^?]*?)(?:[,;]|\s[-–—]) *(?:so |and |but )?(?:what|when|where|who|whom|whose|which|why|how|can|could|may|might|must|should|shall|will|would|do|does|did|is|are)\b/iu

/** What of a sentence is said, not asked. */
function saidIn(sentence: string): string {
  if (!asks.test(sentence)) return sentence
  return statementFirst.exec(sentence)?.[1]?.trim() ?? ''
}

const tellable = (text: string) => text.length <= longest && /\p{L}\S*\s+\S/u.test(text)

function heard(sentence: string): Said | undefined {
  for (const { filler, remember, preferences, facts, passing } of languages) {
    const plain = sentence.replace(filler, '')
    const urged = remember.exec(sentence) ?? remember.exec(plain)
    const text = (urged?.[1] ?? plain).trim()
    if (!tellable(text)) continue
    const bare = text.replace(/[\s.!]+$/, '')
    if (preferences.some((one) => one.test(bare))) return { kind: 'preference', text, urged: Boolean(urged) }
    if (urged) return { kind: 'fact', text, urged: true }
    if (facts.some((one) => one.test(bare)) && !passing.test(bare)) return { kind: 'fact', text, urged: false }
  }
  return undefined
}

/** The sentences of a question, those that are quoted left out, each with what of it is said. */
function sentencesOf(question: string) {
  const own = question.replaceAll('’', "'").replace(quoted, (text) => ' '.repeat(text.length))
  return sentencesIn(own).map(({ start, end }) => {
    const sentence = own.slice(start, end).replaceAll(/\s+/g, ' ').trim()
    const statement = saidIn(sentence)
    // A sentence that goes on was cut because it is too long.
    const goesOn = !/[.!?…。！？"”»)]$/u.test(sentence) && /^[^\S\n]*\S/.test(own.slice(end))
    return { start, end, said: goesOn ? undefined : heard(statement), whole: statement === sentence }
  })
}

const tooMuch = (question: string) => question.length > longestRead || aboutText.test(question)

/** What somebody states about themselves, and what they wish of answers, in what they ask. Nothing else is read. */
export function saidOfOneself(question: string): Said[] {
  if (tooMuch(question)) return []
  return sentencesOf(question)
    .flatMap(({ said }) => said ?? [])
    .slice(0, most)
}

/** What is asked, without the sentences that only say something; all of it where nothing else would be left. */
export function bareQuestion(question: string): string {
  if (tooMuch(question)) return question
  const said = sentencesOf(question).filter(({ said, whole }) => said && whole)
  const bare = said.reduceRight((text, { start, end }) => `${text.slice(0, start)} ${text.slice(end)}`, question).trim()
  return /\p{L}/u.test(bare) ? bare : question
}

/** What kind of thing somebody wants to be remembered. */
export const kindOf = (text: string) =>
  saidOfOneself(text).some(({ kind }) => kind === 'preference') ? 'preference' : 'fact'
