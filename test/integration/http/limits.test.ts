/** Requests a minute: by address, by token, and tries at the shared secret. */
import * as assert from 'uvu/assert'
import { type Received, SHARED_SECRET, startServer } from '../../support/server.js'
import { test } from '../../support/test.js'

const LIMITS = {
  STAGE1_LIMITS_ADDRESS_PER_MINUTE: '8',
  STAGE1_LIMITS_TOKEN_PER_MINUTE: '3',
  STAGE1_LIMITS_SECRET_TRIES_PER_MINUTE: '4',
}
// Behind a proxy that is trusted, a test can be at any address.
const server = await startServer({ settings: { ...LIMITS, STAGE1_SERVER_TRUST_PROXY: 'true' } })
const direct = await startServer({ settings: { ...LIMITS, STAGE1_LIMITS_ADDRESS_PER_MINUTE: '4' } })
test.after(async () => {
  await Promise.all([server.stop(), direct.stop()])
})

function limited(answer: Received, limit: number): void {
  assert.is(answer.status, 429)
  const problem = answer.json as { code: string; message: string; details: { limit: number; retry_after: number } }
  assert.is(problem.code, 'RATE_LIMITED')
  assert.is(problem.details.limit, limit)
  assert.match(problem.message, new RegExp(`${limit} requests a minute`))
  const retryAfter = Number(answer.headers.get('retry-after'))
  assert.ok(retryAfter >= 1 && retryAfter <= 60, `Retry-After: ${answer.headers.get('retry-after')}`)
  assert.is(problem.details.retry_after, retryAfter)
}

async function statuses(count: number, ask: () => Promise<Received>): Promise<number[]> {
  const found: number[] = []
  for (let i = 0; i < count; i++) found.push((await ask()).status)
  return found
}

/** Requests that come from an address, with a token or without one. */
function from(address: string, token = '') {
  const headers = { 'x-forwarded-for': address, 'x-stage1-token': token }
  return {
    jobs: () => server.get('/api/jobs', { headers }),
    get: (path: string) => server.get(path, { headers, unchecked: true }),
    guess: (secret: string) => server.post('/api/auth/token', { secret }, { headers }),
  }
}

async function newToken(address: string): Promise<string> {
  const issued = await from(address).guess(SHARED_SECRET)
  return (issued.json as { token: string }).token
}

test('an address that asks too often is told when to come back, whatever it asks for', async () => {
  const client = from('10.0.0.1')
  assert.equal(await statuses(8, client.jobs), Array(8).fill(401))
  limited(await client.jobs(), 8)
  limited(await client.get('/api/nothing'), 8)
  limited(await from('10.0.0.1', server.token).jobs(), 8)
})

test('an address is one however the proxy writes it, and what is none counts as the proxy itself', async () => {
  const written = ['10.0.0.20', '10.0.0.20:4711', '2001:db8::20', '[2001:db8::20]', '[2001:db8::20]:4711']
  for (const address of written) assert.equal(await statuses(2, from(address).jobs), [401, 401])
  assert.equal(await statuses(4, from('10.0.0.20:1').jobs), Array(4).fill(401))
  limited(await from('10.0.0.20').jobs(), 8)
  assert.equal(await statuses(2, from('2001:db8::20').jobs), [401, 401])
  limited(await from('2001:db8::20').jobs(), 8)

  let tried = 0
  const nowhere = () => from(`${'x'.repeat(4000)}${++tried}`).jobs()
  assert.is((await statuses(9, nowhere)).at(-1), 429)
  assert.not.match(server.log(), /x{100}/)
})

test('a client behind the proxy gets no new address by making up where it comes from', async () => {
  let tried = 0
  const madeUp = () => from(`6.6.6.${++tried}, 10.0.0.9`).jobs()
  assert.equal(await statuses(8, madeUp), Array(8).fill(401))
  limited(await madeUp(), 8)
})

test('health is answered at any rate', async () => {
  const client = from('10.0.0.2')
  const found = await statuses(12, () => client.get('/healthz'))
  assert.equal(found, Array(12).fill(200))
})

test('each address has its own count', async () => {
  assert.equal(await statuses(8, from('10.0.0.3').jobs), Array(8).fill(401))
  limited(await from('10.0.0.3').jobs(), 8)
  assert.is((await from('10.0.0.4').jobs()).status, 401)
})

test('without a trusted proxy nobody can pretend to be at another address', async () => {
  const pretending = (address: string) => direct.get('/api/jobs', { headers: { 'x-forwarded-for': address } })
  // The first of the four was the token that the test server has issued to itself.
  assert.equal(await statuses(3, () => pretending('10.0.0.1')), [200, 200, 200])
  limited(await pretending('10.0.0.2'), 4)
})

test('a token that is used too often is limited from wherever it comes, another one is not', async () => {
  const token = await newToken('10.0.1.1')
  const other = await newToken('10.0.1.1')
  assert.equal(await statuses(2, from('10.0.1.2', token).jobs), [200, 200])
  assert.equal(await statuses(1, from('10.0.1.3', token).jobs), [200])
  limited(await from('10.0.1.4', token).jobs(), 3)
  assert.is((await from('10.0.1.4', other).jobs()).status, 200)
})

test('wrong tokens do not count against a right one', async () => {
  const token = await newToken('10.0.2.1')
  assert.equal(await statuses(5, from('10.0.2.2', `${token.slice(0, -1)}!`).jobs), Array(5).fill(401))
  assert.equal(await statuses(3, from('10.0.2.3', token).jobs), [200, 200, 200])
})

test('the shared secret can be guessed at only a few times a minute, even if the last guess is right', async () => {
  const client = from('10.0.3.1')
  assert.equal(await statuses(4, () => client.guess('wrong')), Array(4).fill(401))
  limited(await client.guess('wrong'), 4)
  limited(await client.guess(SHARED_SECRET), 4)
})

test('right tries at the secret do not count, however many there are', async () => {
  const client = from('10.0.3.2')
  assert.equal(await statuses(3, () => client.guess('wrong')), Array(3).fill(401))
  assert.equal(await statuses(3, () => client.guess(SHARED_SECRET)), Array(3).fill(201))
  assert.is((await client.guess('wrong')).status, 401)
  limited(await client.guess(SHARED_SECRET), 4)
})

test('tries that are no tries at the secret do not count either', async () => {
  const client = from('10.0.3.3')
  assert.equal(await statuses(5, () => client.guess('')), Array(5).fill(400))
  assert.is((await client.guess(SHARED_SECRET)).status, 201)
})

test('tries that come at once are no more than tries that come in turn', async () => {
  const client = from('10.0.3.4')
  const found = await Promise.all(Array.from({ length: 8 }, () => client.guess('wrong')))
  assert.equal(found.map(({ status }) => status).sort(), [...Array(4).fill(401), ...Array(4).fill(429)])
})

test('all addresses together have only so many wrong tries; those who hold a token go on', async () => {
  const attacked = await startServer({
    settings: {
      STAGE1_LIMITS_SECRET_TRIES_PER_MINUTE: '2',
      STAGE1_LIMITS_ALL_SECRET_TRIES_PER_MINUTE: '5',
      STAGE1_SERVER_TRUST_PROXY: 'true',
    },
  })
  try {
    const guess = (address: string, secret: string) =>
      attacked.post('/api/auth/token', { secret }, { headers: { 'x-forwarded-for': address } })
    for (let i = 0; i < 5; i++) assert.is((await guess(`10.1.0.${i}`, 'wrong')).status, 401)
    limited(await guess('10.1.0.5', 'wrong'), 5)
    limited(await guess('10.1.0.6', SHARED_SECRET), 5)
    assert.is((await attacked.get('/api/jobs')).status, 200)
    assert.is((await attacked.post('/api/auth/rotation', {})).status, 201)
  } finally {
    await attacked.stop()
  }
})

test('what writes and what is heavy has a limit of its own, beside that of the token', async () => {
  const tiered = await startServer({
    settings: { STAGE1_LIMITS_WRITING_PER_MINUTE: '3', STAGE1_LIMITS_HEAVY_PER_MINUTE: '2' },
  })
  try {
    const save = () => tiered.post('/api/simulations', { simulation_id: '0b0e7a54-5d6b-4a35-9d6c-0e3a6f6f9f2c' })
    const query = () => tiered.post('/api/questdb/query', { sql: 'select 1' })
    assert.equal(await statuses(3, save), [201, 200, 200])
    const refused = await save()
    limited(refused, 3)
    assert.match(
      refused.headers.get('ratelimit-policy') ?? '',
      /^"address";q=\d+;w=60, "token";q=12000;w=60, "writing";q=3;w=60$/,
    )
    assert.match(refused.headers.get('ratelimit') ?? '', /"writing";r=0;t=\d+$/)
    assert.equal(await statuses(1, query), [200])
    const me = (await tiered.get('/api/auth/me')).json as {
      limits: { name: string; limit: number; remaining: number }[]
    }
    assert.equal(
      me.limits.map(({ name, limit, remaining }) => [
        name,
        name === 'address' ? 0 : limit,
        name === 'address' ? 0 : remaining,
      ]),
      [
        ['address', 0, 0],
        ['token', 12000, 12000 - 6],
        ['writing', 3, 0],
        ['heavy', 2, 1],
      ],
    )
    assert.equal(await statuses(1, query), [200])
    limited(await query(), 2)
    assert.is((await tiered.get('/api/simulations')).status, 200)
  } finally {
    await tiered.stop()
  }
})

test('clients are told how much is left', async () => {
  const { headers } = await from('10.0.4.1').jobs()
  assert.is(headers.get('x-ratelimit-limit'), '8')
  assert.is(headers.get('x-ratelimit-remaining'), '7')
  const reset = headers.get('x-ratelimit-reset') ?? ''
  assert.match(reset, /^\d+$/)
  assert.ok(Math.abs(Number(reset) - Date.now() / 1000) <= 61, `reset at ${reset}`)
})

test.run()
