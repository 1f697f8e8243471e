import t from 'tap'
import { startApp } from '../support/carrel.ts'
import { linksElsewhere } from '../support/elsewhere.ts'

t.test('a program lists the sign-ins elsewhere of its owner alone, and unlinks one', async (t) => {
  const { app, person } = await startApp(t)
  const [ann, bob] = [await person('Ann'), await person('Bob')]
  const account = (await ann.me()).id
  const [first, second] = [await linksElsewhere(app.db, account), await linksElsewhere(app.db, account)]
  const ids = async (who = ann) =>
    (await who.open('/api/v1/identities')).json().items.map(({ id }: { id: string }) => id)
  t.same(await ids(), [second, first])
  t.same(await ids(bob), [])
  t.equal((await bob.api('DELETE', `/api/v1/identities/${first}`)).statusCode, 404)
  t.equal((await ann.api('DELETE', `/api/v1/identities/${first}`)).statusCode, 204)
  t.same(await ids(), [second])
})

t.test('the only way in that is left stays', async (t) => {
  const { app, person } = await startApp(t)
  const ann = await person('Ann')
  const account = (await ann.me()).id
  const only = await linksElsewhere(app.db, account)
  await app.db.updateTable('accounts').set({ password_hash: null }).where('id', '=', account).execute()
  t.match(await ann.api('DELETE', `/api/v1/identities/${only}`), { statusCode: 409 })
  t.equal((await ann.open('/api/v1/identities')).json().items.length, 1)
})

t.test('no key is told of them, whatever its scopes', async (t) => {
  const { person, visitor } = await startApp(t)
  const ann = await person('Ann')
  const scopes = ['read', 'write', 'profile', 'email']
  const { key } = (await ann.api('POST', '/api/v1/api-keys', { name: 'A script', scopes })).json()
  const answer = await visitor().request('GET', '/api/v1/identities', undefined, { 'x-api-key': key })
  t.match(answer.json(), { statusCode: 403, code: 'SESSION_REQUIRED' })
})
