import t from 'tap'
import { type Browser, seen } from '../support/browser.ts'
import { startApp } from '../support/carrel.ts'

type Task = { id: string; kind: string; status: string; title: string }

const nowhere = '01900000-0000-7000-8000-000000000000'
const welcome = 'Look around your room'
const invite = 'Invite someone'
const workspace = 'Make a second workspace'

const listed = async (browser: Browser): Promise<Task[]> => (await browser.open('/api/v1/tasks')).json().items

async function theTask(browser: Browser, kind: string): Promise<Task> {
  return (await listed(browser)).find((task) => task.kind === kind) as Task
}

t.test('a newcomer finds three things to begin with on the desk, each with where to do it', async (t) => {
  const { person } = await startApp(t)
  const ann = await person('Ann')
  const home = (await ann.open('/')).body
  t.match(home, 'To begin with')
  t.match(home, new RegExp(`${welcome}[^]*href="/room"[^]*${invite}[^]*href="/invite-coparent"[^]*${workspace}`))
  for (const href of ['/room', '/invite-coparent', '/workspaces/new']) {
    t.ok([200, 303].includes((await ann.open(href)).statusCode), href)
  }
})

t.test('a task is ticked off by doing what it says', async (t) => {
  const { person } = await startApp(t)
  const ann = await person('Ann')
  const bob = await person('Bob')

  await ann.open('/room')
  t.notMatch((await ann.open('/')).body, welcome)
  await ann.submit('/workspaces', { name: 'Flat' })
  t.notMatch((await ann.open('/')).body, workspace)
  const { room } = await ann.me()
  await ann.submit('/invite-coparent', { workspace_id: room.roomId, role: 'viewer' })
  t.notMatch((await ann.open('/')).body, invite)
  t.notMatch((await ann.open('/')).body, 'To begin with')

  t.same(
    (await listed(ann)).map(({ status }) => status),
    ['done', 'done', 'done']
  )
  t.match((await ann.open('/tasks')).body, /Done<\/span>/)
  t.same(
    (await listed(bob)).map(({ status }) => status),
    ['open', 'open', 'open'],
    'Bob’s are his own'
  )
})

t.test('what failed ticks nothing off', async (t) => {
  const { person } = await startApp(t)
  const ann = await person('Ann')
  await ann.submit('/workspaces', { name: '' })
  await ann.submit('/invite-coparent', { workspace_id: nowhere, role: 'viewer' })
  t.same(
    (await listed(ann)).map(({ status }) => status),
    ['open', 'open', 'open']
  )
})

t.test('a task can be put aside, done by hand, and opened again', async (t) => {
  const { person } = await startApp(t)
  const ann = await person('Ann')
  const { id } = await theTask(ann, 'invite-someone')

  const aside = await ann.submit(`/tasks/${id}`, { status: 'dismissed' })
  t.match(aside, { statusCode: 303, headers: { location: '/' } })
  const home = (await ann.open('/')).body
  t.match(home, 'Put aside.')
  t.notMatch(home, invite)
  t.match(home, welcome)
  t.match((await ann.open('/tasks')).body, /Put aside<\/span>/)

  t.match(await ann.submit(`/tasks/${id}`, { status: 'open' }), { statusCode: 303, headers: { location: '/tasks' } })
  t.match((await ann.open('/')).body, invite)
  await ann.submit(`/tasks/${id}`, { status: 'done' })
  t.equal((await theTask(ann, 'invite-someone')).status, 'done')
  t.notMatch((await ann.open('/')).body, invite)
})

t.test('a task put aside is ticked off all the same when it gets done', async (t) => {
  const { person } = await startApp(t)
  const ann = await person('Ann')
  const { id } = await theTask(ann, 'make-workspace')
  await ann.submit(`/tasks/${id}`, { status: 'dismissed' })
  await ann.makesWorkspace('Flat')
  t.equal((await theTask(ann, 'make-workspace')).status, 'done')
})

t.test('the JSON twin lists, marks and puts aside', async (t) => {
  const { person } = await startApp(t)
  const ann = await person('Ann')
  const all = await listed(ann)
  t.match(all, [
    { kind: 'make-workspace', status: 'open', title: workspace, href: '/workspaces/new' },
    { kind: 'invite-someone', status: 'open', title: invite, href: '/invite-coparent' },
    { kind: 'welcome', status: 'open', title: welcome, href: '/room' }
  ])
  const first = (await ann.open('/api/v1/tasks?limit=2')).json()
  const second = (await ann.open(`/api/v1/tasks?limit=2&cursor=${first.next_cursor}`)).json()
  t.same([...first.items, ...second.items], all)
  t.equal(second.next_cursor, null)

  const { id } = all[0] as Task
  const done = await ann.api('PATCH', `/api/v1/tasks/${id}`, { status: 'done' })
  t.equal(done.statusCode, 200)
  t.match(done.json(), { id, status: 'done' })
  t.match((await ann.api('PATCH', `/api/v1/tasks/${id}`, { status: 'open' })).json(), { status: 'open' })
  t.match((await ann.api('PATCH', `/api/v1/tasks/${id}`, { status: 'dismissed' })).json(), { status: 'dismissed' })
  t.match((await ann.open(`/api/v1/tasks/${id}`)).json(), { id, kind: 'make-workspace', status: 'dismissed' })

  for (const body of [{}, { status: 'gone' }, { status: ['done'] }, { status: 'done', kind: 'welcome' }]) {
    const answer = await ann.api('PATCH', `/api/v1/tasks/${id}`, body)
    t.match(answer.json(), { statusCode: 400, code: 'INVALID' }, JSON.stringify(body))
  }
  t.equal((await theTask(ann, 'make-workspace')).status, 'dismissed')

  t.equal((await ann.api('DELETE', `/api/v1/tasks/${id}`)).statusCode, 204)
  t.equal((await ann.api('DELETE', `/api/v1/tasks/${id}`)).statusCode, 404)
  t.equal((await ann.open(`/api/v1/tasks/${id}`)).statusCode, 404)
  t.equal((await listed(ann)).length, 2)
})

t.test('another person’s task is a task that does not exist', async (t) => {
  const { person, visitor } = await startApp(t)
  const ann = await person('Ann')
  const bob = await person('Bob')
  const { id } = await theTask(bob, 'welcome')

  for (const door of [
    (id: string) => ann.submit(`/tasks/${id}`, { status: 'done' }),
    (id: string) => ann.api('PATCH', `/api/v1/tasks/${id}`, { status: 'done' }),
    (id: string) => ann.api('DELETE', `/api/v1/tasks/${id}`)
  ]) {
    const told = seen(await door(id))
    t.equal(told.statusCode, 404)
    t.same(told, seen(await door(nowhere)))
  }
  t.equal((await theTask(bob, 'welcome')).status, 'open')
  t.notMatch((await ann.open('/api/v1/tasks')).body, id)
  t.same((await ann.open(`/api/v1/tasks?cursor=${id}`)).json().items.length, 3, 'his id is only a place in the order')

  t.equal((await visitor().api('PATCH', `/api/v1/tasks/${id}`, { status: 'done' })).statusCode, 401)
  t.equal((await visitor().submit(`/tasks/${id}`, { status: 'done' })).statusCode, 303)
  t.equal((await theTask(bob, 'welcome')).status, 'open')
})
