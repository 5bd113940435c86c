/** What the server says of itself while all is well. */
import { readFileSync } from 'node:fs'
import * as assert from 'uvu/assert'
import { startServer, TestClient } from '../../support/server.js'
import { test } from '../../support/test.js'

const server = await startServer()
const anonymous = new TestClient(server.url, '')
test.after(() => server.stop())

interface Engine {
  status: string
  latency_ms: number
}

test('a supervisor hears that the process lives, without a token', async () => {
  const answer = await anonymous.get('/healthz')
  assert.is(answer.status, 200)
  assert.equal(answer.json, { status: 'ok' })
})

test('a balancer hears that both engines answer, and how fast', async () => {
  const answer = await anonymous.get('/readyz')
  assert.is(answer.status, 200)
  const { status, postgres, questdb } = answer.json as { status: string; postgres: Engine; questdb: Engine }
  assert.is(status, 'ready')
  for (const engine of [postgres, questdb]) {
    assert.is(engine.status, 'up')
    assert.ok(engine.latency_ms > 0 && engine.latency_ms < 2_000)
  }
})

test('a person hears the state, the version and how long the server has run', async () => {
  const answer = await anonymous.get('/api/health')
  assert.is(answer.status, 200)
  const health = answer.json as Record<string, unknown>
  assert.is(health.status, 'healthy')
  const contract = JSON.parse(readFileSync(new URL('../../../generated/openapi.json', import.meta.url), 'utf8'))
  assert.is(health.version, contract.info.version)
  assert.ok(Math.abs(Date.parse(String(health.timestamp)) - Date.now()) < 60_000)
  assert.ok(Number(health.uptime) >= 0 && Number(health.uptime) < 600)
})

test('no address and no credential of an engine is told', async () => {
  const password = new URL(server.engines.postgresUrl).password
  for (const path of ['/healthz', '/readyz', '/api/health']) {
    const { text } = await anonymous.get(path)
    assert.not.match(text, /127\.0\.0\.1|localhost|postgres:\/\//)
    assert.not.ok(text.includes(password))
  }
})

test('the contract that is served is the one that is kept', async () => {
  const served = await anonymous.get('/api/openapi.json', { unchecked: true })
  const kept = readFileSync(new URL('../../../generated/openapi.json', import.meta.url), 'utf8')
  assert.equal(served.json, JSON.parse(kept))
})

test.run()
