import t from 'tap'
import { bareQuestion, kindOf, saidOfOneself } from '../../src/memory/said.ts'

/** What is kept of each of these; where only the kind is given, all of it. */
const facts: Record<string, string | true> = {
  'I live in Rome.': true,
  'I am a tenant.': true,
  'I’m a nurse and I work nights.': "I'm a nurse and I work nights.",
  'My name is Ann.': true,
  'we have two cats': true,
  'my landlord is Mr Baker': true,
  'Our house has a garden.': true,
  'My wife and I moved here in 2019.': true,
  'I have diabetes.': true,
  "I don't eat meat.": true,
  'I never drink coffee.': true,
  'I usually cycle to work.': true,
  "I've got three children.": true,
  'By the way, I rent a flat.': 'I rent a flat.',
  'I work at a bakery. When is the rent due?': 'I work at a bakery.',
  'I am vegetarian, what can I eat?': 'I am vegetarian',
  'I have a dog, are dogs allowed?': 'I have a dog',
  'Please remember that the spare key is with Cleo.': 'the spare key is with Cleo.',
  'Remember: my birthday is 3 May.': 'my birthday is 3 May.',
  "Don't forget that we moved in March.": 'we moved in March.',
  'Ich wohne in Bern.': true,
  'Ich habe zwei Katzen.': true,
  'Mein Vermieter heißt Herr Braun.': true,
  'Merk dir, dass ich Nüsse nicht vertrage.': 'ich Nüsse nicht vertrage.',
  "Je m'appelle Anne.": true,
  'J’habite à Lyon.': "J'habite à Lyon.",
  'Nous avons deux chats.': true,
  'Me llamo Ana.': true,
  'Vivo en Madrid.': true,
  'Tenemos dos gatos.': true
}

const preferences = [
  'Please answer in German.',
  'Answer me briefly.',
  'keep it short',
  'Keep your answers brief.',
  'Be concise.',
  'call me Annie',
  'Always cite the page.',
  'Never use emojis.',
  'From now on, answer in bullet points.',
  'I prefer short answers.',
  'I want you to always answer in French.',
  'Use simple words.',
  'Antworte bitte auf Deutsch.',
  'Nenn mich Anni.',
  'Halte dich kurz.',
  'Réponds en français.',
  'Appelle-moi Anne.',
  'Responde en español.',
  'Llámame Ana.'
]

const nothing = [
  'Who has to repair the heating?',
  'I want to know when the rent is due.',
  'I am looking for the lease.',
  "I'm just wondering.",
  "I'm not sure what this means.",
  'I am a bit confused.',
  'I am sorry.',
  "I don't understand.",
  "I don't have a clue.",
  'I have a question about the lease.',
  'I have two questions.',
  'I have no idea.',
  'I have read the lease.',
  'I have to pay.',
  'I have been told that pets are fine.',
  'I need the address.',
  'I think the rent is due.',
  "I'd like to know more.",
  'I like this answer.',
  'I see.',
  'My question is: who pays?',
  'My guess is that it leaks.',
  'My lease says two months.',
  'my deposit',
  'Do I live in Rome?',
  'Am I a tenant?',
  'Can I live in Rome?',
  'Who is my landlord',
  'If I live in Rome, do I pay?',
  'Do you remember that I live in Rome?',
  'Remember the lease?',
  'The landlord said: I am the owner.',
  'Translate: I live in Rome.',
  'Summarise this letter. I live in Paris.',
  'What does “I am the owner of this house” mean?',
  '> I live in a box\n\nWho wrote this?',
  'Answer the question.',
  'Keep the deposit.',
  'Call me when it is done.',
  'Ich bin auf der Suche nach dem Mietvertrag.',
  'Ich habe eine Frage.',
  'Ich habe zwei Seiten gelesen.',
  'Wer bin ich?',
  'Je suis à la recherche du bail.',
  'J’ai une question.',
  'Tengo una pregunta.',
  'I am',
  '',
  '🙂'
]

t.test('what somebody says of themselves is heard', async (t) => {
  for (const [question, text] of Object.entries(facts)) {
    t.match(saidOfOneself(question), [{ kind: 'fact', text: text === true ? question : text }], question)
  }
})

t.test('what somebody wishes of answers is heard', async (t) => {
  for (const question of preferences) {
    t.match(saidOfOneself(question), [{ kind: 'preference', text: question }], question)
    t.equal(kindOf(question), 'preference', question)
  }
  t.equal(kindOf('I live in Rome.'), 'fact')
  t.equal(kindOf('The spare key is with Cleo.'), 'fact')
})

t.test('questions, quotes and asides say nothing of whoever asks', async (t) => {
  for (const question of nothing) t.same(saidOfOneself(question), [], question)
})

t.test('what is asked to be remembered is told apart from what is said in passing', async (t) => {
  t.match(saidOfOneself('Remember that I live in Rome.'), [{ urged: true }])
  t.match(saidOfOneself('I live in Rome.'), [{ urged: false }])
  t.match(saidOfOneself('Please remember: always answer in German.'), [{ kind: 'preference', urged: true }])
})

t.test('several things may be said at once, but not without end, and nothing of a long text', async (t) => {
  const many = Array.from({ length: 9 }, (_, n) => `I own ${n + 2} boats.`).join(' ')
  t.equal(saidOfOneself(many).length, 5)
  t.same(saidOfOneself(`I live in Rome. ${'It goes on like this. '.repeat(100)}`), [])
  t.same(saidOfOneself(`I live in ${'a very '.repeat(60)}small house.`), [])
})

t.test('a question is heard without what is only said beside it', async (t) => {
  t.equal(bareQuestion('I rent a flat in Elm Street. Who repairs the heating?'), 'Who repairs the heating?')
  t.equal(bareQuestion('When is the rent due? My landlord is Mr Baker.'), 'When is the rent due?')
  t.equal(bareQuestion('I live in Rome.'), 'I live in Rome.', 'where nothing else is asked, that is the question')
  t.equal(bareQuestion('I am vegetarian, what can I eat?'), 'I am vegetarian, what can I eat?')
  for (const question of nothing) t.equal(bareQuestion(question), question)
})
