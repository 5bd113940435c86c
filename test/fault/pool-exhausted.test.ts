/** Every connection to PostgreSQL is in use: requests that need one are told to come back, and requests that are wrong need none. */
import pg from 'pg'
import * as assert from 'uvu/assert'
import { newToken } from '../../src/auth/token.js'
import { eventually } from '../support/eventually.js'
import { type Received, startServer, TestClient } from '../support/server.js'
import { test } from '../support/test.js'

const POOL = 2
const server = await startServer({
  settings: { STAGE1_POSTGRES_POOL_SIZE: String(POOL), STAGE1_POSTGRES_CONNECT_SECONDS: '1' },
})
test.after(() => server.stop())

/** Runs the story while statements that wait for a lock hold every connection of the server. */
async function whileAllAreInUse(story: () => Promise<void>): Promise<void> {
  const locker = new pg.Client({ connectionString: server.engines.postgresUrl })
  await locker.connect()
  await locker.query('begin; lock table stage1_datasets in access exclusive mode')
  const holders = Array.from({ length: POOL }, () => server.get('/api/datasets'))
  try {
    await eventually('every connection waits', async () => {
      const { rows } = await locker.query(
        `select from pg_stat_activity where datname = current_database() and application_name = 'stage1' and wait_event_type = 'Lock'`,
      )
      return rows.length === POOL
    })
    await story()
  } finally {
    await locker.end()
  }
  // Those that need two connections may have waited too long for the second.
  for (const holder of await Promise.all(holders)) assert.ok([200, 503].includes(holder.status), holder.text)
}

const refused = ({ status, json }: Received) => [status, (json as { code: string }).code]

test('what needs a connection is told to come back, the process lives, and it goes on when they are free', async () => {
  await whileAllAreInUse(async () => {
    const answers = await Promise.all([
      server.get('/api/jobs'),
      server.post('/api/simulations', {}),
      server.get('/readyz'),
    ])
    for (const answer of answers) {
      assert.equal(refused(answer), [503, 'POSTGRES_UNAVAILABLE'])
      assert.match(answer.headers.get('retry-after') ?? '', /^[1-9]\d?$/)
    }
    assert.is((await server.get('/healthz')).status, 200)
  })
  assert.is((await server.get('/api/jobs')).status, 200)
})

test('requests without a token, with a wrong secret, and to nowhere are refused as ever', async () => {
  const anonymous = new TestClient(server.url, '')
  await whileAllAreInUse(async () => {
    assert.equal(refused(await anonymous.get('/api/jobs')), [401, 'UNAUTHORIZED'])
    assert.equal(refused(await new TestClient(server.url, 'st1_x').get('/api/jobs')), [401, 'UNAUTHORIZED'])
    assert.equal(refused(await anonymous.post('/api/auth/token', { secret: 'wrong' })), [401, 'SECRET_WRONG'])
    assert.equal(refused(await anonymous.post('/api/auth/token', { secret: 7 })), [400, 'REQUEST_INVALID'])
    assert.equal(refused(await server.get('/api/nowhere')), [404, 'ROUTE_NOT_FOUND'])
    assert.equal(refused(await server.send('DELETE', '/api/runs')), [405, 'METHOD_NOT_ALLOWED'])
    // Whether it is one can be told by PostgreSQL alone.
    assert.equal(refused(await new TestClient(server.url, newToken()).get('/api/jobs')), [503, 'POSTGRES_UNAVAILABLE'])
  })
})

test.run()
