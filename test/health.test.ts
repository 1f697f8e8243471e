import t from 'tap'
import { startApp } from './support/carrel.ts'

t.test('/health and /ready answer whoever asks, without a limit', async (t) => {
  const { visitor, person } = await startApp(t, { API_LIMIT: '3' })
  for (let time = 0; time < 10; time += 1) {
    const health = await visitor().open('/health')
    t.equal(health.statusCode, 200)
    t.same(health.json(), { status: 'ok' })
    const ready = await visitor().open('/ready')
    t.equal(ready.statusCode, 200)
    t.same(ready.json(), { status: 'ready' })
    t.notOk(ready.headers['set-cookie'])
  }
  const ann = await person('Ann')
  t.equal((await ann.open('/ready')).statusCode, 200)
  t.equal((await visitor().request('POST', '/health')).statusCode, 405)
  t.equal((await visitor().request('HEAD', '/health')).statusCode, 200)
})

t.test('without its database it is alive but not ready, and does not say why', async (t) => {
  const { app, visitor, person } = await startApp(t)
  const ann = await person('Ann')
  t.equal((await visitor().open('/ready')).statusCode, 200)
  await app.db.destroy()
  t.same((await ann.open('/ready')).json(), { status: 'not ready' }, 'whoever asks')
  const ready = await visitor().open('/ready')
  t.equal(ready.statusCode, 503)
  t.same(ready.json(), { status: 'not ready' })
  t.equal((await visitor().open('/health')).statusCode, 200)
})

t.test('while it closes it is no longer ready', async (t) => {
  const { app } = await startApp(t)
  let told: number | undefined
  app.addHook('preClose', async () => {
    told = (await fetch(`${app.listeningOrigin}/ready`)).status
  })
  await app.listen({ port: 0, host: '127.0.0.1' })
  t.equal((await fetch(`${app.listeningOrigin}/ready`)).status, 200)
  await app.close()
  t.equal(told, 503)
})
