/** How many exports, queries and streams of events one token may have open at once. */
import { setTimeout as sleep } from 'node:timers/promises'
import * as assert from 'uvu/assert'
import { eventually } from '../../support/eventually.js'
import { type RawRequest, rawRequest } from '../../support/raw-http.js'
import { SHARED_SECRET, startServer } from '../../support/server.js'
import { test } from '../../support/test.js'

const server = await startServer({
  settings: {
    STAGE1_LIMITS_EXPORTS_AT_ONCE: '2',
    STAGE1_LIMITS_QUERIES_AT_ONCE: '3',
    STAGE1_LIMITS_STREAMS_AT_ONCE: '2',
  },
})
test.after(() => server.stop())

async function otherToken(): Promise<string> {
  const issued = await server.post('/api/auth/token', { secret: SHARED_SECRET })
  return (issued.json as { token: string }).token
}

/** A request that holds its place: a stream has no end, and the body of the others does not come. */
function open(line: string, token: string): Promise<RawRequest> {
  const about = line.startsWith('GET') ? {} : { 'content-type': 'application/json', 'content-length': '100' }
  return rawRequest(server.url, line, { 'x-stage1-token': token, ...about })
}

/** The refusal, if the request is refused within a second. */
async function refusal(request: RawRequest) {
  const answer = await Promise.race([request.answer(), sleep(1000, undefined)])
  return answer?.status === 429 ? answer : undefined
}

const KINDS = [
  { kind: 'exports', limit: 2, line: 'POST /api/questdb/export' },
  { kind: 'queries', limit: 3, line: 'POST /api/questdb/query' },
  { kind: 'streams', limit: 2, line: 'GET /api/events' },
]

for (const { kind, limit, line } of KINDS) {
  test(`${kind}: of one more than are allowed one is refused, and a place is free when another has ended`, async () => {
    const [token, other] = [await otherToken(), await otherToken()]
    const all = await Promise.all(Array.from({ length: limit + 1 }, () => open(line, token)))
    try {
      const refusals = await Promise.all(all.map(refusal))
      const [refused, ...more] = refusals.filter((answer) => answer !== undefined)
      assert.equal(more, [])
      const { code, details } = JSON.parse(refused?.body ?? '{}')
      assert.equal([code, details], ['TOO_MANY_AT_ONCE', { kind, limit }])
      assert.is(refused?.headers['retry-after'], '2')
      all.push(await open(line, other))
      assert.is(await refusal(all.at(-1) as RawRequest), undefined, 'another token has places of its own')
      all[refusals.indexOf(undefined)]?.socket.destroy()
      await eventually('the place is free', async () => {
        const next = await open(line, token)
        all.push(next)
        return (await refusal(next)) === undefined
      })
    } finally {
      for (const { socket } of all) socket.destroy()
    }
  })
}

test.run()
