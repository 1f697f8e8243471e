import { type Language, pattern } from './language.ts'

const amount =
  '(?:ein(?:e[nr]?)?|kein(?:e[nr]?)?|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|viele|mehrere|einige|\\d+)'
const question = '(?:frage|problem|idee|ahnung|bitte|verdacht|eindruck|gefühl|anliegen|zweifel|meinung|ziel)'

export const german: Language = {
  filler: pattern('^(?:(?:hallo|hi|also|und|übrigens|nur zur info|zur info|weil|da|aber)\\b[,:;! ]*)+'),
  remember:
    pattern(`^(?:bitte )?(?:merk(?:e|en sie)? (?:dir|sich)|vergiss nicht|vergessen sie nicht|denk(?:e|en sie)? daran)
    (?: bitte)?(?:,? dass\\b|:|,) *(.+)$`),
  preferences: [
    pattern(`^(?:bitte )?(?:antworte|antworten sie|schreib(?:e|en sie)?|sprich|sprechen sie)(?: mir| bitte| immer)*
      (?: auf| in| kurz| knapp| ausführlich| einfach| mit)\\b`),
    pattern('^(?:bitte )?(?:nenn(?:e|en sie)? mich|duz(?:e|en sie)? mich|siez(?:e|en sie)? mich) ?\\S*'),
    pattern(`^(?:bitte )?(?:halt(?:e|en sie)?|fass(?:e|en sie)?) (?:dich|sich|es|deine antworten|die antworten)
      (?: bitte)? (?:kurz|knapp|einfach)\\b`)
  ],
  facts: [
    pattern(
      '^ich (?:bin|heiße|heisse|wohne|lebe|arbeite|studiere|komme aus|spreche|esse|trinke|mag|miete|besitze) \\S+'
    ),
    pattern(`^(?:ich habe|wir haben) ${amount} \\S+`),
    pattern(
      `^(?:mein|meine|unser|unsere) (?:[\\p{L}-]+ ){1,3}(?:ist|sind|heißt|heisst|heißen|hat|haben|war|wohnt|lebt)\\b`
    ),
    pattern(
      '^wir (?:wohnen|leben|mieten|besitzen|sprechen|sind (?:zu|eine?|verheiratet|aus|\\d+|zwei|drei|vier|fünf))\\b'
    )
  ],
  passing:
    pattern(`^(?:ich bin (?:mir )?(?:nicht |gerade |nur |noch )*(?:auf der suche|sicher|unsicher|gespannt|neugierig|
    interessiert|dabei|verwirrt|froh|dankbar|hier|fertig|bereit|im unklaren)\\b|
    (?:ich habe|wir haben) ${amount} (?:[\\p{L}-]+ )?${question}\\b|
    (?:mein|meine|unser|unsere) (?:[\\p{L}-]+ )?${question}\\b|
    (?:ich habe|wir haben) .*\\b(?:ge\\p{L}+(?:t|en)|\\p{L}+iert|(?:ver|be|er|ent)\\p{L}+(?:t|en))[.!]*$)`)
}
