/** Servers are replaced one after the other while clients work: nobody notices. The long form is in test/faults. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { minutesCsv } from '../support/csv.js'
import { ownEngines } from '../support/engines.js'
import { eventually } from '../support/eventually.js'
import { type Job, postCsv } from '../support/imports.js'
import { lockMeasurement } from '../support/outside-lock.js'
import { rollingRestart } from '../support/rolling-restart.js'
import { SHARED_SECRET, TestClient, testEnvironment } from '../support/server.js'
import { startProcess } from '../support/server-process.js'
import { test } from '../support/test.js'

test('while two servers are replaced in turn no request fails, no save is lost, and no listener misses an event', async () => {
  const counts = await rollingRestart(500)
  assert.ok(counts.requests >= 500)
  assert.equal(counts.failed, [])
  assert.ok(counts.restarts >= 2)
  assert.ok(counts.passedOn > 0, 'no client ever met a server that was away')
  for (const { code, signal } of counts.ends) assert.equal([code, signal], [0, null])
  assert.ok(counts.saved >= 100)
  assert.is(counts.stored, counts.saved)
  assert.ok(counts.events.length >= counts.saved)
  for (const numbers of counts.heard) assert.equal(numbers, counts.events)
})

test('a server that drains says on every connection that it closes it, so that clients go elsewhere', async () => {
  const engines = await ownEngines()
  const spool = mkdtempSync(join(tmpdir(), 'stage1-test-spool-'))
  const server = await startProcess(testEnvironment(engines, spool))
  try {
    const issued = await new TestClient(server.url, '').post('/api/auth/token', { secret: SHARED_SECRET })
    const { token } = issued.json as { token: string }
    const client = new TestClient(server.url, token)
    const name = `${engines.prefix}held`
    const other = await lockMeasurement(engines.postgresUrl, name)
    const held = postCsv(client, name, minutesCsv(10))
    await eventually('the import waits', async () => {
      const { jobs } = (await client.get('/api/jobs?limit=1')).json as { jobs: Job[] }
      return jobs[0]?.payload.measurement === name
    })
    held.catch(() => {})
    const ended = server.terminate()
    await eventually('it stops', () => server.output().includes('"msg":"stopping"'))
    await other.release()
    const finished = await held
    assert.equal([finished.status, finished.headers.get('connection')], [200, 'close'])
    assert.equal(await ended, { code: 0, signal: null })
  } finally {
    await server.kill()
    await engines.release()
    rmSync(spool, { recursive: true, force: true })
  }
})

test.run()
