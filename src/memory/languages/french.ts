import { type Language, pattern } from './language.ts'

const amount = '(?:une?|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|plusieurs|\\d+)'
const question = '(?:questions?|problèmes?|idées?|doutes?|demandes?|impression|avis|but)'

export const french: Language = {
  filler: pattern("^(?:(?:bonjour|salut|alors|et|au fait|d'ailleurs|comme|mais|pour info)(?=[,:;! ])[,:;! ]*)+"),
  remember:
    pattern(`^(?:souviens-toi|souvenez-vous|rappelle-toi|rappelez-vous|retiens|retenez|n'oublie pas|n'oubliez pas|note|
    notez) qu(?:e |')(.+)$`),
  preferences: [
    pattern(`^(?:réponds|répondez|écris|écrivez)(?:-moi)?(?: toujours| s'il (?:te|vous) plaît)*
      (?: en| brièvement| avec| de (?:façon|manière))(?: |$)`),
    pattern('^(?:appelle|appelez|tutoie|tutoyez|vouvoie|vouvoyez)-moi(?: \\S+|$)'),
    pattern('^(?:sois|soyez) (?:bref|brefs|brève|concis|concise)(?: |$)')
  ],
  facts: [
    pattern(
      "^(?:je m'appelle|je suis|j'habite|je vis|je travaille|je viens de|je parle|je mange|je ne mange pas|j'aime) \\S+"
    ),
    pattern(`^(?:j'ai|nous avons|on a) ${amount} \\S+`),
    pattern("^(?:mon|ma|mes|notre|nos) (?:[\\p{L}'-]+ ){1,3}(?:est|sont|s'appelle|s'appellent|habite|a|ont)(?: |$)"),
    pattern('^nous (?:habitons|vivons|louons|sommes) \\S+')
  ],
  passing:
    pattern(`^(?:je suis (?:pas |tout )*(?:à la recherche|désolée?|sûre?|certaine?|curieu(?:x|se)|en train|là|prête?|
    intéressée?|perdue?)(?: |$)|(?:j'ai|nous avons|on a) ${amount} (?:[\\p{L}-]+ )?${question}(?: |$)|
    (?:mon|ma|mes|notre|nos) (?:[\\p{L}-]+ )?${question}(?: |$)|j'aime(?:rais)? (?:savoir|ça|cette?)(?: |$))`)
}
