import { type Language, pattern } from './language.ts'

const amount = '(?:una?|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|varios|varias|muchos|muchas|\\d+)'
const question = '(?:preguntas?|problemas?|ideas?|dudas?|petición|impresión|opinión|objetivo)'

export const spanish: Language = {
  filler: pattern('^(?:(?:hola|pues|bueno|y|por cierto|como|pero|para que sepas)(?=[,:;! ])[,:;! ]*)+'),
  remember: pattern('^(?:por favor,? )?(?:recuerda|recuerde|no olvides|no olvide|ten en cuenta|anota) que (.+)$'),
  preferences: [
    pattern(`^(?:por favor,? )?(?:responde|responda|respóndeme|contesta|contéstame|escribe|escríbeme)(?: siempre)?
      (?: en| con| brevemente| de forma)(?: |$)`),
    pattern('^(?:por favor,? )?(?:llámame|tutéame) ?\\S*'),
    pattern('^(?:por favor,? )?(?:sé|sea) (?:breve|concis[oa])(?: |$)')
  ],
  facts: [
    pattern('^(?:yo )?(?:me llamo|soy|vivo en|trabajo|estudio|vengo de|hablo|no como|alquilo) \\S+'),
    pattern(`^(?:yo )?(?:tengo|tenemos) ${amount} \\S+`),
    pattern(
      '^(?:mi|mis|nuestro|nuestra|nuestros|nuestras) (?:[\\p{L}-]+ ){1,3}(?:es|son|se llama|se llaman|vive|tiene|tienen)(?: |$)'
    ),
    pattern('^(?:nosotros )?(?:vivimos|alquilamos|somos) \\S+')
  ],
  passing: pattern(`^(?:(?:yo )?soy consciente|(?:yo )?(?:tengo|tenemos) ${amount} (?:[\\p{L}-]+ )?${question}(?: |$)|
    (?:mi|mis|nuestro|nuestra) (?:[\\p{L}-]+ )?${question}(?: |$))`)
}
