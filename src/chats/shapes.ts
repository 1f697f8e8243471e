import { Type } from 'typebox'
import { idOf } from '../shapes.ts'
import { count, flag, moment, nullable, oneOf, text } from '../told.ts'

/** A chat as the API tells it. */
export const Chat = Type.Object(
  {
    id: idOf('the chat'),
    workspace_id: idOf('the workspace whose documents it is about'),
    title: text('What it is called.'),
    created_at: moment('When it was started'),
    updated_at: moment('When something was asked in it last, or it was renamed')
  },
  { title: 'Chat' }
)

const where = {
  document_id: idOf('the document'),
  title: text('What the document is called.'),
  section: text('The headings it stands under; empty where there are none.'),
  page: nullable(count('The page it is on; null where the document has no pages.'))
}

const Citation = Type.Object(
  {
    n: count('The number it has in the answer: [1] is number 1.'),
    document_id: where.document_id,
    passage_id: idOf('the passage'),
    title: where.title,
    section: where.section,
    page: where.page,
    quote: text('What is cited, word for word.')
  },
  { title: 'Citation' }
)

const Question = Type.Object(
  {
    id: idOf('the question'),
    content: text('What was asked.'),
    tags: Type.Array(text('A name.'), { description: 'The names of the tags it was narrowed to.' })
  },
  { title: 'Question', description: 'What was asked.' }
)

const Answer = Type.Object(
  {
    id: idOf('the answer'),
    content: text('The answer, as Markdown, with [1] for a citation.'),
    status: oneOf(
      ['writing', 'done', 'nothing-found', 'failed', 'interrupted'],
      'Whether it is still being written, or how that ended.'
    ),
    error: nullable(text('Why it failed, in words for a person.')),
    citations: Type.Array(Citation, { description: 'What it cites, in the order of their numbers.' }),
    memories: Type.Array(
      Type.Object({ id: idOf('the memory'), text: text('What it says.') }, { title: 'UsedMemory' }),
      { description: 'What it used of what Carrel remembers of you.' }
    )
  },
  { title: 'Answer', description: 'What was answered, as far as it has come.' }
)

/** A question with its answer, as the API tells it. */
export const Exchange = Type.Object({ question: Question, answer: Answer }, { title: 'Exchange' })

const Candidate = Type.Object(
  {
    n: count('Its number among them.'),
    score: Type.Number({ description: 'How well it matched, from 0 to 1 among what was found.' }),
    lexical: Type.Optional(count('Its place in the search by words; left out where that did not find it.')),
    dense: Type.Optional(count('Its place in the search by meaning; left out where that did not find it.')),
    read: flag('Whether it was read for the answer.'),
    cited: flag('Whether the answer cites it.'),
    passage_n: count('Its place in the document; 1 is the first.'),
    ...where
  },
  { title: 'Candidate' }
)

const Why = Type.Object(
  {
    candidates: Type.Array(Candidate, { description: 'The passages that were found, the best first.' }),
    promptTokens: Type.Optional(count('How long the prompt was, in tokens; left out where no model was asked.')),
    searchMs: count('How long the search took, in milliseconds.'),
    answerMs: count('How long the writing took, in milliseconds.')
  },
  { title: 'Why', description: 'How the answer came about; left out while it is being written.' }
)

export const ExplainedExchange = Type.Object(
  { ...Exchange.properties, why: Type.Optional(Why) },
  { title: 'ExplainedExchange' }
)
