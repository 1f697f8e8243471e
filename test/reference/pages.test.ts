import t from 'tap'
import { apiRoutesOf } from '../support/answers.ts'
import { startApp } from '../support/carrel.ts'
import { attributesOf, elementsOf, textOf } from '../support/html.ts'

const linksIn = (page: string) =>
  elementsOf(page)
    .map((element) => attributesOf(element).href ?? '')
    .filter((href) => href.startsWith('/docs'))

t.test('every route is on the first page, and leads to where it is explained', async (t) => {
  const carrel = await startApp(t)
  const start = (await carrel.visitor().open('/docs')).body
  const pages = new Map<string, string[]>()
  for (const href of linksIn(start)) {
    const [path = '', place] = href.split('#')
    if (!pages.has(path)) {
      const answer = await carrel.visitor().open(path)
      t.equal(answer.statusCode, 200, path)
      pages.set(path, path === '/docs/json' ? [] : elementsOf(answer.body).map((one) => attributesOf(one).id ?? ''))
    }
    if (place) t.ok(pages.get(path)?.includes(place), href)
  }
  for (const { method, url, schema } of apiRoutesOf(carrel)) {
    t.match(textOf(start), `${method} ${url.replaceAll(/:(\w+)/g, '{$1}')}`)
    t.match(textOf(start), schema.summary as string)
  }
})

t.test('a page tells what a route takes, what each field is, what it answers and who may ask', async (t) => {
  const { visitor } = await startApp(t)
  const text = textOf((await visitor().open('/docs/documents')).body)
  t.match(text, 'POST /api/v1/documents')
  t.match(text, /workspace_id\s+needed/)
  t.match(text, 'text, up to 300 characters')
  t.match(text, 'made from what is given where it is left out')
  t.match(text, 'multipart/form-data')
  t.match(text, 'a key with write (add, change, delete and ask)')
  t.match(text, '"status": "pending"')
})

t.test('the pages need no script, and ask for none of their own', async (t) => {
  const { visitor } = await startApp(t)
  const login = elementsOf((await visitor().open('/login')).body)
  const scripts = (elements: typeof login) =>
    elements.filter(({ tagName }) => tagName === 'script').map((script) => attributesOf(script).src)
  for (const path of ['/docs', '/docs/chats']) {
    const answer = await visitor().open(path)
    const own = scripts(elementsOf(answer.body)).filter((src) => !scripts(login).includes(src))
    t.same(own, [], path)
    for (const element of elementsOf(answer.body)) {
      t.notOk(
        Object.keys(attributesOf(element)).some((name) => /^(?:style|on\w+)$/.test(name)),
        'nothing the policy would block'
      )
    }
  }
})

t.test('what is not a part of the API has no page', async (t) => {
  const { visitor } = await startApp(t)
  for (const path of ['/docs/nothing', '/docs/settings', '/docs/__proto__', '/docs/documents/1'])
    t.equal((await visitor().open(path)).statusCode, 404, path)
})

t.test('it is the same for everybody', async (t) => {
  const { visitor, person } = await startApp(t)
  const ann = await person('Ann')
  await ann.makesWorkspace('The flat')
  t.equal((await ann.open('/docs/json')).body, (await visitor().open('/docs/json')).body)
})
