import { type Language, pattern } from './language.ts'

const adverb =
  '(?:(?:just|only|a bit|a little|so|still|really|currently|now|also|actually|quite|very|always|usually|often|mostly|never|all) )*'
const amount =
  '(?:an?|no|some|several|many|few|two|three|four|five|six|seven|eight|nine|ten|a dozen|twins|children|kids|\\d+)'
const have = `(?:${adverb}have(?: got)?|'ve(?: got)?)`
const ourKin = "(?:[\\p{L}\\d'-]+ ){1,4}"

/** What a question is called when it is spoken of. */
const question = `(?:questions?|problems?|issues?|ideas?|feeling|doubts?|suspicion|guess|look|clue|hunch|hard time|trouble|
  concerns?|requests?|comments?|suggestions?|points?|understanding|bad|hope|goal|aim|intention|assumption|impression|
  opinion|view|apolog(?:y|ies)|mistakes?|query|queries|expectations?|task|thinking)`

/** What somebody is only while they ask. */
const asking = `(?:looking|trying|wondering|asking|asked|searching|seeking|curious|interested|confused|unsure|sure|certain|
  uncertain|unclear|clear|afraid|sorry|glad|happy|grateful|thankful|surprised|impressed|pleased|worried|concerned|aware|
  unaware|referring|talking|thinking|reading|writing (?:to|this|an? (?:e-?mail|message|letter))|going to|about to|supposed|
  allowed|able|unable|having|stuck|lost|done|ready|back|here|right|wrong|correct|told|missing|getting|seeing|waiting|
  hoping|guessing|assuming|given|tired of|fed up|sick of|serious|kidding|fine|okay|ok|good|well|familiar|sending|adding|
  uploading|attaching|following|considering|using (?:this|the|your)|new (?:here|to this)|
  in (?:a |an )?(?:hurry|doubt|need|the (?:middle|process)))`

const this_ = '(?:this|that|it|these|those|your|to know|the (?:answer|question|text|document|passage|idea))'

const answerVerb = '(?:answer|reply|respond|write(?: back)?|speak|talk)'
const manner = `(?:briefly|shortly|concisely|tersely|simply|formally|informally|politely|fully|at length|
  (?:with|in|using|as) .+)`
const answers = '(?:answers?|repl(?:y|ies)|responses?|explanations?|summaries|sentences|words)'
const short = `(?:short|shorter|brief|briefer|concise|terse|simple|simpler|plain|long|longer|detailed|thorough|formal|
  informal)`
const doing = `(?:answer|reply|respond|use|cite|quote|give|show|tell|write|start|include|mention|call|address|say|explain|
  translate|format|add|put|list|end|avoid|be|speak|keep)`

export const english: Language = {
  filler:
    pattern(`^(?:(?:hi|hello|hey|ok|okay|well|so|and|also|btw|by the way|fyi|for (?:your|the) (?:information|record)|
    just so you know|actually|first of all|thanks|thank you|note(?: that)?|because|since|as you know|but|
    you should know(?: that)?)\\b[,:;! ]*)+`),
  remember: pattern(`^(?:please )?(?:remember|don't forget|do not forget|(?:keep|bear) in mind|(?:make a )?note)
    (?:(?: that\\b|:|,) *(?=.)|(?= (?:i|i'm|i've|my|we|we're|we've|our)\\b))(.+)$`),
  preferences: [
    pattern(`^(?:from now on|in (?:the )?future),? (?:please )?(?:always |never )?${doing}\\b`),
    pattern(`^(?:please )?(?:always |only )?${answerVerb}(?: to)?(?: me| my questions| all my questions| everything)?
      (?: always| only)? ${manner}$`),
    pattern(`^(?:please )?keep (?:it|them|(?:your|all|the|my) ${answers}|${answers}) (?:very |as )?${short}\\b`),
    pattern(`^(?:please )?be (?:more |as |very )?(?:brief|concise|short|terse|formal|informal|detailed|thorough)\\b`),
    pattern(
      `^(?:please )?(?:just )?call me (?!back|later|when|if|at|on|tomorrow|today|now|a taxi)[\\p{L}][^,;]{0,40}$`
    ),
    pattern(`^(?:please )?(?:always|never) ${doing}\\b`),
    pattern(
      `^(?:please )?(?:do not|don't|avoid|stop) (?:use|using|quote|quoting|call|calling|address|addressing) \\S+`
    ),
    pattern(
      `^(?:please )?use (?:only )?(?:simple|plain|short|formal|easy|bullet|metric|imperial|british|american) \\S+`
    ),
    pattern(
      `^i(?:'d| would)? (?:like|want|prefer|wish|need) (?:you to (?:always |never )?${doing}\\b|${short} ${answers}\\b)`
    ),
    pattern(`^i(?:'d| would)? (?:like|want|prefer|need) (?:your |my |all )?${answers} `)
  ],
  facts: [
    pattern(`^(?:i am|i'm|im) \\S+`),
    pattern(`^my name(?: is|'s) \\S+`),
    pattern(`^i ${adverb}(?:live|work|study|teach|rent|own|speak|play|drive|cycle|commute|eat|drink|cook|love|like|prefer|hate|
      dislike|enjoy|smoke|suffer|come from|come|was born|grew up|moved|retired|graduated|weigh|wear|collect|volunteer|paint|
      earn|pay|take|run an?|use)\\b \\S+`),
    pattern(`^i (?:don't|do not) ${adverb}(?:eat|drink|drive|speak|like|own|smoke|cook|work|live|have ${amount})\\b`),
    pattern(`^i (?:can't|cannot|can not) (?:eat|drink|drive|swim|hear|walk|smell|tolerate)\\b`),
    pattern(
      `^i ?${have} (?:${amount} \\S+|(?:type \\d|diabetes|asthma|allerg|coeliac|celiac|adhd|dyslexia|cats|dogs))`
    ),
    pattern(`^(?:my|our) ${ourKin}(?:is|are|was|were|has|have|had|lives?|works?|comes?|speaks?|starts?|ends?|likes?|loves?|
      died|goes|costs?|and i (?:live|moved|have|own|rent|are|work|were))\\b`),
    pattern(`^we ?${have} (?:${amount} \\S+|cats|dogs)`),
    pattern(`^we ${adverb}(?:live|own|rent|moved|speak|work|run an?|got married|were married)\\b`),
    pattern(
      `^we(?: a|')re ${adverb}(?:${amount}|married|vegetarians?|vegans?|from|expecting|retired|tenants|students|parents)\\b`
    )
  ],
  passing: pattern(`^(?:(?:i am|i'm|im) (?:not )?${adverb}${asking}\\b|
    i ?(?:don't |do not )?${have} ${amount} (?:[\\p{L}-]+ )?${question}\\b|we ?${have} ${amount} (?:[\\p{L}-]+ )?${question}\\b|
    (?:my|our) (?:[\\p{L}-]+ )?${question}\\b|i (?:don't |do not )?${adverb}\\p{L}+ ${this_}\\b|
    i (?:like|love|prefer|hate) to (?:know|hear|see|ask)\\b|i work on the\\b|i am being\\b)`)
}
