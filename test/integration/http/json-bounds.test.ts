/** How deep JSON may be nested, and how much may be in it: at the limit it is taken, one beyond is refused before it is parsed. */
import { randomUUID } from 'node:crypto'
import * as assert from 'uvu/assert'
import { startServer } from '../../support/server.js'
import { test } from '../../support/test.js'

const VALUES = 1000
const server = await startServer({ settings: { STAGE1_LIMITS_JSON_VALUES: String(VALUES) } })
test.after(() => server.stop())

const slug = () => `b${randomUUID().replaceAll('-', '')}`
const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)
const items = (count: number) => `[${Array(count).fill('1').join(',')}]`

/** Bodies of a route that reads JSON as it comes, and of one that keeps it in the spool, each with a value inside its config. */
const ROUTES = [
  ['/api/simulations', (value: string) => `{"simulation_id":"${randomUUID()}","config":{"x":${value}}}`],
  ['/api/datasets', (value: string) => `{"dataset_slug":"${slug()}","metadata":{"x":${value}}}`],
] as const

const send = (path: string, body: string) => server.send('POST', path, { body })
type Refusal = { code: string; details: { limit: number } }

for (const [path, bodyWith] of ROUTES) {
  test(`${path}: 64 levels are taken, 65 refused`, async () => {
    const taken = await send(path, bodyWith(nested(62)))
    assert.is(taken.status, 201, taken.text)
    for (const levels of [63, 10_000, 1_000_000]) {
      const answer = await send(path, bodyWith(nested(levels)))
      assert.is(answer.status, 400, `${levels}`)
      assert.is((answer.json as Refusal).code, 'JSON_MALFORMED')
      assert.match((answer.json as { message: string }).message, /nested deeper than 64/)
    }
  })

  test(`${path}: as many members and items as are allowed are taken, one more refused`, async () => {
    // Two members outside, one inside.
    const taken = await send(path, bodyWith(items(VALUES - 3)))
    assert.is(taken.status, 201, taken.text)
    for (const more of [items(VALUES - 2), `[${Array(VALUES).fill('{}').join(',')}]`, items(500_000)]) {
      const answer = await send(path, bodyWith(more))
      assert.is(answer.status, 413)
      assert.is((answer.json as Refusal).code, 'BODY_TOO_LARGE')
      assert.is((answer.json as Refusal).details.limit, VALUES)
    }
  })
}

test('brackets and commas inside text are text', async () => {
  const text = JSON.stringify(`${'[{,'.repeat(5000)}"\\`)
  for (const [path, bodyWith] of ROUTES) assert.is((await send(path, bodyWith(text))).status, 201, path)
})

test('rows of a frame do not count', async () => {
  const dataset = slug()
  await server.post('/api/datasets', { dataset_slug: dataset, ohlcv_measurement: `${server.engines.prefix}${dataset}` })
  const rows = Array.from({ length: VALUES }, (_, i) => ({
    timestamp: 1_732_831_200_000 + i * 1000,
    open: 1,
    high: 1,
    low: 1,
    close: 1,
  }))
  const answer = await server.post(`/api/datasets/${dataset}/ohlcv/append`, { rows })
  assert.is(answer.status, 200, answer.text)
  assert.is((answer.json as { rows_written: number }).rows_written, VALUES)
})

test.run()
