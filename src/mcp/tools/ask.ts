import { Type } from 'typebox'
import { exchangesIn } from '../../chats/messages.ts'
import { chatsOf } from '../../chats/mine.ts'
import { Asking } from '../../chats/schema.ts'
import { told } from '../../chats/telling.ts'
import { Invalid } from '../../errors.ts'
import { Id } from '../../shapes.ts'
import { workspacesOf } from '../../workspaces/store.ts'
import { notice, ofDocument, placed, quoted } from '../quoted.ts'
import { type Call, tool } from '../tool.ts'

const beatEvery = 10_000

const Cited = Type.Object({
  n: Type.Integer({ description: 'The number by which the answer cites it.' }),
  document_id: Type.String(),
  passage_id: Type.String(),
  title: Type.String({ description: `Of the document. ${ofDocument}` }),
  section: Type.String({ description: `The headings it stands under. ${ofDocument}` }),
  page: Type.Union([Type.Integer(), Type.Null()]),
  quote: Type.String({ description: ofDocument })
})

type Asked = { workspace_id?: string; chat_id?: string; question: string }

/** Puts the question, in a new chat or in one there is. */
async function put({ workspace_id, chat_id, question }: Asked, { app, request }: Call) {
  const { user } = request
  if ((workspace_id === undefined) === (chat_id === undefined))
    throw new Invalid({ fields: { workspace_id: 'Name a workspace, or a chat to go on with; one of the two.' } })
  if (chat_id !== undefined) {
    const { workspace, chat } = await chatsOf(user, app.db).open(chat_id)
    return { chat, answer: (await app.answering.ask({ workspace, chat, user, question })).answer }
  }
  const workspace = await workspacesOf(user, app.db).open(workspace_id as string)
  const chat = await app.answering.askAnew({ workspace, user, question })
  const { items } = await exchangesIn(chat, app.db).list({ limit: 1 })
  return { chat, answer: items[0]?.answer.id as string }
}

/** Until the answer has ended; it does so too if nobody waits any more. */
async function wait(answer: string, { app, progress }: Call) {
  await progress('The question was put.')
  const beating = setInterval(() => progress('The answer is being written.'), beatEvery).unref()
  await app.answering.done(answer).finally(() => clearInterval(beating))
}

export const ask = tool({
  name: 'ask',
  title: 'Ask the documents',
  description:
    'Asks the documents of one workspace a question and waits for the answer, which cites the passages it rests on, as [1], [2]; it says so where nothing was found. Question and answer are kept in a chat of the person whose desk it is. Begin with workspace_id, and ask what leans on an answer with the chat_id that came with it.',
  scope: 'write',
  changes: true,
  again: false,
  input: Type.Object(
    {
      workspace_id: Type.Optional({ ...Id, description: 'From list_workspaces, to begin a new chat.' }),
      chat_id: Type.Optional({ ...Id, description: 'From an answer before, to go on in that chat.' }),
      question: { ...Asking, description: 'One question, in full sentences.' }
    },
    { additionalProperties: false }
  ),
  output: Type.Object({
    chat_id: Type.String(),
    answer_id: Type.String(),
    status: Type.String({ description: 'done, nothing-found, interrupted or failed.' }),
    error: Type.Union([Type.String(), Type.Null()], { description: 'Why it was interrupted or failed.' }),
    answer: Type.String({ description: `Markdown, made of what documents say. ${ofDocument}` }),
    citations: Type.Array(Cited)
  }),
  async run(asked, call) {
    const { app, request } = call
    const { chat, answer } = await put(asked, call)
    await wait(answer, call)
    // It may have taken long, and whoever asked may not read here any more.
    await request.authenticateAgain()
    const opened = await chatsOf(request.user, app.db).open(chat.id)
    const { content, status, error, citations } = told(await exchangesIn(opened.chat, app.db).open(answer)).answer
    const cited = citations.map(
      (one) =>
        `[${one.n}] passage_id: ${one.passage_id} · document_id: ${one.document_id}\n${placed(one)}\n>\n${quoted(one.quote)}`
    )
    const head = `chat_id: ${chat.id} · status: ${status}${error ? ` · ${error}` : ''}\n${notice}`
    return {
      text: [head, `Answer:\n${quoted(content)}`, ...(cited.length > 0 ? ['It cites:', ...cited] : [])].join('\n\n'),
      told: { chat_id: chat.id, answer_id: answer, status, error, answer: content, citations }
    }
  }
})
