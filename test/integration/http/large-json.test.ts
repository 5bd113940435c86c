/** Large JSON is looked at on another thread: it is kept, and refused, as if it were small. */
import { createHash, randomUUID } from 'node:crypto'
import * as assert from 'uvu/assert'
import { fullRunBody } from '../../support/fixtures.js'
import { startServer } from '../../support/server.js'
import { test } from '../../support/test.js'

const server = await startServer()
test.after(() => server.stop())

/** Valid items that make a body large, by themselves and beside what is tried. */
const FILLER = Array.from({ length: 40_000 }, (_, i) => ({ i, text: `"${i}",` }))
const { run, folds } = fullRunBody()
await server.post('/api/datasets', { dataset_id: run.dataset_id, dataset_slug: 'large' })

/** Bodies of a route that reads JSON as it comes, and of one that keeps it in the spool, each with a value inside a member. */
const ROUTES: readonly (readonly [string, (member: string) => string])[] = [
  ['/api/simulations', (member) => `{"simulation_id":"${randomUUID()}","config":{"filler":[],${member}}}`],
  ['/api/runs', (member) => `{"run":{"run_id":"${randomUUID()}","walk_config":{"filler":[],${member}}},"folds":[]}`],
]

const FAULTS = [
  '"x":[1,2,{"a":1,"a":2}]',
  '"x":[12345678901234567890]',
  '"x":{"y/z":["\\ud800"]}',
  '"x":["\\u0000"]',
  '"x":[1e400]',
  '"x":{"__proto__":1}',
  `"x":${'['.repeat(70)}${']'.repeat(70)}`,
]

for (const [path, bodyWith] of ROUTES) {
  test(`${path}: what is wrong with large JSON is told as of small`, async () => {
    for (const fault of FAULTS) {
      const small = bodyWith(fault)
      const large = small.replace('[]', JSON.stringify(FILLER))
      const [one, other] = [
        await server.send('POST', path, { body: small }),
        await server.send('POST', path, { body: large }),
      ]
      const told = ({ status, json }: typeof one) => {
        const { code, message, details } = json as Record<string, unknown>
        // Where the fault stands is the one thing that differs.
        return JSON.parse(JSON.stringify({ status, code, message, details }).replaceAll(/(byte"?[ :])\d+/g, '$10'))
      }
      assert.is(one.status, 400, fault)
      assert.equal(told(other), told(one), fault)
    }
  })

  test(`${path}: large JSON that ends early or is none is refused`, async () => {
    const body = bodyWith('"x":1').replace('[]', JSON.stringify(FILLER))
    for (const broken of [
      body.slice(0, -3),
      `${body}x`,
      body.replace('{"i":39999', '{"i":39999.'),
      body.replace('"x":1', '"x":\uFFFD'),
    ]) {
      const answer = await server.send('POST', path, { body: broken })
      assert.equal([answer.status, (answer.json as { code: string }).code], [400, 'JSON_MALFORMED'])
    }
  })

  test(`${path}: large JSON has no more members and items than are allowed`, async () => {
    const answer = await server.send('POST', path, { body: bodyWith(`"x":[${Array(500_000).fill('1').join()}]`) })
    const { code, details } = answer.json as { code: string; details: { limit: number } }
    assert.equal([answer.status, code, details.limit], [413, 'BODY_TOO_LARGE', 500_000])
  })
}

test('a large config and many folds come back as they were sent', async () => {
  const simulation_id = randomUUID()
  const config = { filler: FILLER, 'é "quoted"': { deep: [[FILLER]] }, 7: 'seven' }
  assert.is((await server.post('/api/simulations', { simulation_id, config })).status, 201)
  const stored = (await server.get(`/api/simulations/${simulation_id}`)).json as { config: unknown }
  assert.equal(stored.config, config)
  const walk_config = { ...(run as { walk_config?: object }).walk_config, filler: FILLER }
  const saved = await server.post('/api/runs', { run: { ...run, walk_config }, folds })
  assert.is(saved.status, 201, saved.text)
  const shown = (await server.get(`/api/runs/${run.run_id}`)).json as {
    walk_config: typeof walk_config
    folds: unknown[]
  }
  assert.equal(shown.walk_config.filler, FILLER)
  assert.is(shown.folds.length, folds.length)
})

test('a large body that is not the one declared stores nothing, and sent twice under a key is done once', async () => {
  const simulation_id = randomUUID()
  const body = JSON.stringify({ simulation_id, config: { filler: FILLER } })
  const declared = (text: string) => `sha-256=:${createHash('sha256').update(text).digest('base64')}:`
  const wrong = await server.send('POST', '/api/simulations', {
    body,
    headers: { 'content-digest': declared(`${body} `) },
  })
  assert.equal([wrong.status, (wrong.json as { code: string }).code], [422, 'DIGEST_MISMATCH'])
  assert.is((await server.get(`/api/simulations/${simulation_id}`)).status, 404)
  const headers = { 'content-digest': declared(body), 'idempotency-key': randomUUID() }
  const first = await server.send('POST', '/api/simulations', { body, headers })
  const again = await server.send('POST', '/api/simulations', { body, headers })
  assert.equal([first.status, again.status, again.text], [201, 201, first.text])
  assert.is(again.headers.get('idempotency-replayed'), 'true')
  const other = { body: body.replace('"i":1,', '"i":0,'), headers: { 'idempotency-key': headers['idempotency-key'] } }
  assert.is((await server.send('POST', '/api/simulations', other)).status, 422)
})

test.run()
