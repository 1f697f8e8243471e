import { fold } from './words.ts'

const month =
  /\b(?:jan(?:uary|uar|vier)?|feb(?:ruary|ruar)?|f[ée]vrier|mar(?:ch|s)?|märz|apr(?:il)?|avril|may|mai|june?|juni|juin|july?|juli|juillet|aug(?:ust)?|août|sept?(?:ember|embre)?|o[ck]t(?:ober|obre)?|nov(?:ember|embre)?|de[cz](?:ember)?|décembre|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b/iu
const time =
  /\b(?:century|centuries|decade|years?|months?|weeks?|days?|hours?|minutes?|daily|annually|yearly|spring|summer|autumn|winter|noon|midnight|jahr\w*|monat\w*|woche\w*|tage?n?|stunden?|ans?|années?|mois|semaines?|jours?|heures?|años?|meses|semanas?|días?|horas?)\b/iu
const year = /\b(?:1[0-9]{3}|20[0-9]{2})\b/
const digit = /\p{N}/u
const spelled =
  /\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|sixty|hundred|thousand|million|billion|half|third|quarter|dozen|twice|zwei|drei|vier|fünf|deux|trois|quatre|cinq|dos|tres|cuatro|cinco)\b/iu
const money = /[€$£¥₹]|\b(?:eur|usd|gbp|chf|euros?|dollars?|pounds?|cents?|per cent|percent)\b|%/iu
const reason =
  /\b(?:because|since|due to|so that|in order to|therefore|as a result|caused?|reasons?|owing to|weil|wegen|damit|deshalb|parce|afin|porque|debido)\b/iu
/** A name begins with a capital inside the sentence, as months do, too. */
const capital = /[^.!?\s]\s+["“'(]?\p{Lu}[\p{L}\p{M}]+/u

const months = new RegExp(month, 'giu')
const named = (text: string) => capital.test(text.replace(months, ''))

type Kind = { asks: RegExp; shows: (text: string) => boolean }

const kinds: Kind[] = [
  {
    asks: /\b(?:how (?:much|many|long|often|old|far|tall|large|big|high|fast|quickly|soon|late|early)|what (?:number|percent\w*|amount|price|cost|age|size|share|proportion)|wie ?viele?|wie (?:lange|oft|alt|hoch|weit|schnell)|combien|cuant[oa]s?|quant[oiae]|hoeveel)\b/,
    shows: (text) => digit.test(text) || spelled.test(text) || money.test(text)
  },
  {
    asks: /\b(?:when|(?:what|which|in what|in which) (?:year|date|day|month|century|decade|time|period|season)|since when|until when|how long ago|wann|seit wann|bis wann|quand|cuando|quando|wanneer)\b/,
    shows: (text) =>
      year.test(text) || month.test(text) || (time.test(text) && (digit.test(text) || spelled.test(text)))
  },
  {
    asks: /\b(?:who|whom|whose|(?:what|which) (?:person|people|company|team|king|queen|author|president|leader|group|organi[sz]ation)|wer|wen|wem|wessen|qui|quien|quienes|chi|wie is|quem)\b/,
    shows: named
  },
  {
    asks: /\b(?:where|(?:what|which) (?:country|city|town|place|state|river|region|street|room|address|location|continent|island)|wo|wohin|woher|ou|donde|dove|waar|onde)\b/,
    shows: named
  },
  {
    asks: /\b(?:why|what (?:reason|cause)d?|warum|wieso|weshalb|pourquoi|por que|perche|waarom)\b/,
    shows: (text) => reason.test(text)
  }
]

/** Whether a sentence holds the kind of thing that the question asks for: a number, a time, a name, a reason. */
export function kindAskedFor(question: string): ((text: string) => boolean) | undefined {
  const folded = fold(question)
  return kinds.find(({ asks }) => asks.test(folded))?.shows
}
