/** Query parameters: declared ones are read strictly, others are refused by name. */
import * as assert from 'uvu/assert'
import { type Received, startServer } from '../../support/server.js'
import { test } from '../../support/test.js'

const server = await startServer()
test.after(() => server.stop())

interface Detail {
  in: string
  pointer: string
  expected: string
}

function refusal(answer: Received): Detail & { message: string } {
  assert.is(answer.status, 400)
  const problem = answer.json as { code: string; message: string; details: Detail[] }
  assert.is(problem.code, 'REQUEST_INVALID')
  return { ...(problem.details[0] as Detail), message: problem.message }
}

test('a parameter that is not declared is refused by its name', async () => {
  const unknown = [
    ['/api/jobs?page=2', 'page'],
    ['/api/datasets?limit=5&Limit=5', 'Limit'],
    ['/api/questdb/measurements?prefx=btc', 'prefx'],
    ['/healthz?verbose=1', 'verbose'],
    ['/api/jobs?limit[]=5', 'limit[]'],
    ['/api/jobs?token=st1_x', 'token'],
  ] as const
  for (const [path, name] of unknown) {
    const found = refusal(await server.get(path))
    assert.is(found.in, 'query', path)
    assert.ok(found.message.includes(name), `${path}: ${found.message}`)
  }
})

test('a parameter that would reach into objects is refused too', async () => {
  for (const query of ['__proto__[polluted]=1', 'constructor[prototype][polluted]=1', '__proto__.polluted=1']) {
    refusal(await server.get(`/api/jobs?${query}`))
  }
  assert.is(({} as Record<string, unknown>).polluted, undefined)
})

test('a value of the wrong form is refused with what was expected', async () => {
  const wrong = ['none', '1.5', '-1', '0', '1001', '99999999999999999999', 'NaN', 'true', '1,2', '']
  for (const limit of wrong) {
    const found = refusal(await server.get(`/api/jobs?limit=${limit}`))
    assert.equal([found.in, found.pointer], ['query', '/limit'], limit)
    assert.ok(found.expected.length > 0)
  }
  assert.is(refusal(await server.get('/api/jobs?offset=-1')).pointer, '/offset')
  assert.is(refusal(await server.get('/api/jobs?status=DONE')).pointer, '/status')
  assert.is(refusal(await server.get('/api/questdb/measurements?prefix=a%20b')).pointer, '/prefix')
  assert.is(refusal(await server.get('/api/datasets/x/ohlcv?desc=perhaps')).pointer, '/desc')
})

test('a number is its digits, and no other way to write one', async () => {
  for (const limit of ['1e2', '0x10', '%205', '5%20', '+5', '5.0', '05e0', '1_0']) {
    const answer = await server.get(`/api/jobs?limit=${limit}`)
    assert.is(answer.status, 400, limit)
  }
})

test('a parameter that is given twice is refused', async () => {
  for (const query of ['limit=5&limit=6', 'limit=5&limit=5', 'limit[]=5&limit[]=6', 'limit[x]=5']) {
    const answer = await server.get(`/api/jobs?${query}`)
    assert.is(answer.status, 400, query)
  }
})

test('all that is wrong is told at once', async () => {
  const answer = await server.get('/api/jobs?limit=none&offset=-1')
  const { details } = answer.json as { details: Detail[] }
  assert.equal(details.map((detail) => detail.pointer).sort(), ['/limit', '/offset'])
})

test('what is left out has the default of the contract, and what is given counts', async () => {
  const page = (answer: Received) => {
    const { limit, offset } = answer.json as { limit: number; offset: number }
    return [limit, offset]
  }
  assert.equal(page(await server.get('/api/jobs')), [100, 0])
  assert.equal(page(await server.get('/api/jobs?limit=7&offset=3')), [7, 3])
  assert.equal(page(await server.get('/api/datasets?limit=1000')), [1000, 0])
  assert.equal(page(await server.get('/api/questdb/measurements?prefix=')), [10_000, 0])
})

test('percent-encoding in a query is decoded, and garbage in it is no failure', async () => {
  assert.is((await server.get('/api/jobs?job_type=%69mport')).status, 200)
  for (const query of ['job_type=%E0%A4%A', '%', 'limit=%zz', '&&&=', '%00=%00', `${'a'.repeat(5_000)}=1`]) {
    const answer = await server.get(`/api/jobs?${query}`)
    assert.ok(answer.status === 400 || (answer.status === 200 && query === '&&&='), `${query}: ${answer.status}`)
  }
})

test.run()
