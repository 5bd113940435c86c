/** The server starts: on an empty database, twice at once, before its engines, and not at all with bad settings. */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { startApp } from '../../src/app.js'
import { createLog } from '../../src/log.js'
import { startProxy } from '../support/cutting-proxy.js'
import { ownEngines } from '../support/engines.js'
import { eventually } from '../support/eventually.js'
import { SHARED_SECRET, TestClient, testConfig, testEnvironment } from '../support/server.js'
import { runToEnd, startProcess } from '../support/server-process.js'
import { asAdmin, databasePrefix, databaseUrl } from '../support/template.js'
import { test } from '../support/test.js'

const engines = await ownEngines()
const spool = mkdtempSync(join(tmpdir(), 'stage1-test-spool-'))
const emptyName = `${databasePrefix()}_empty_${randomBytes(4).toString('hex')}`
const emptyUrl = databaseUrl(engines.postgresUrl, emptyName)
test.before(() =>
  asAdmin(engines.postgresUrl, async (admin) => {
    await admin.query(`create database ${emptyName}`)
  }),
)
test.after(async () => {
  await asAdmin(engines.postgresUrl, (admin) => admin.query(`drop database if exists ${emptyName} with (force)`))
  await engines.release()
  rmSync(spool, { recursive: true, force: true })
})

const environment = (postgresUrl: string) => testEnvironment(engines, spool, { postgresUrl })

async function tokenFrom(url: string): Promise<string> {
  const answer = await new TestClient(url, '').post('/api/auth/token', { secret: SHARED_SECRET })
  assert.is(answer.status, 201, answer.text)
  return (answer.json as { token: string }).token
}

test('two servers that start at once on an empty database both work, and its tables are made once', async () => {
  const servers = await Promise.all([startProcess(environment(emptyUrl)), startProcess(environment(emptyUrl))])
  const [first, second] = servers as [(typeof servers)[0], (typeof servers)[0]]
  const token = await tokenFrom(first.url)
  assert.is((await new TestClient(second.url, token).post('/api/datasets', { dataset_slug: 'both' })).status, 201)
  assert.is((await new TestClient(first.url, token).get('/api/datasets/both')).status, 200)
  const migrations = servers.flatMap(({ output }) => output().match(/"migrations":\[[^\]]+\]/g) ?? [])
  assert.is(migrations.length, 1, `${migrations}`)
  const ends = await Promise.all(servers.map((server) => server.terminate()))
  assert.equal(
    ends.map(({ code }) => code),
    [0, 0],
  )
})

test('a start on a database that is made already changes nothing in it, and logs neither secret nor password', async () => {
  const server = await startProcess({ ...environment(emptyUrl), STAGE1_LOG_LEVEL: 'trace' })
  const client = new TestClient(server.url, await tokenFrom(server.url))
  assert.is((await client.get('/api/datasets/both')).status, 200)
  assert.is((await server.terminate()).code, 0)
  const output = server.output()
  assert.not.match(output, /"migrations"/)
  for (const url of [engines.postgresUrl, engines.questdbUrl]) assert.not.ok(output.includes(new URL(url).password))
  assert.not.ok(output.includes(SHARED_SECRET))
})

test('bad settings end the process with code 2 and their names, before anything else happens', async () => {
  const bad = {
    ...environment(emptyUrl),
    STAGE1_SERVER_PORT: 'eighty',
    STAGE1_SERVER_PROT: '80',
    STAGE1_AUTH_SHARED_SECRET: 'hush',
  }
  const { code, stdout, stderr } = await runToEnd(bad)
  assert.is(code, 2)
  assert.is(stdout, '')
  assert.match(stderr, /^bad setting: STAGE1_SERVER_PORT: /m)
  assert.match(stderr, /^bad setting: STAGE1_SERVER_PROT: no such setting$/m)
  assert.not.match(stderr, /hush|at .*\.ts/)
})

test('a database that does not exist ends the process with code 1 and the reason', async () => {
  const { code, stdout } = await runToEnd(environment(databaseUrl(engines.postgresUrl, `${emptyName}_not`)))
  assert.is(code, 1)
  assert.match(stdout, /does not exist/)
})

test('a port that is taken keeps the server from starting', async () => {
  const holder = createServer().listen(0, '127.0.0.1')
  await eventually('the port is taken', () => holder.listening)
  const { port } = holder.address() as AddressInfo
  const config = testConfig(engines, spool, { settings: { STAGE1_SERVER_PORT: String(port) } })
  const error = await startApp(config, createLog('silent')).catch((reason: unknown) => reason)
  holder.close()
  assert.is((error as { code?: string }).code, 'EADDRINUSE')
})

test('a server that starts before PostgreSQL says so, and goes to work as soon as it is there', async () => {
  const proxy = await startProxy(engines.postgresUrl)
  await proxy.cut()
  const app = await startApp(testConfig(engines, spool, { postgresUrl: proxy.url }), createLog('silent'))
  const client = new TestClient(app.url, '')
  assert.is((await client.get('/healthz')).status, 200)
  for (const path of ['/readyz', '/api/jobs']) {
    const answer = await client.get(path)
    assert.is(answer.status, 503, path)
    assert.is((answer.json as { code: string }).code, 'POSTGRES_UNAVAILABLE')
    assert.ok(answer.headers.get('retry-after'))
  }
  assert.is(((await client.get('/api/health')).json as { status: string }).status, 'degraded')
  await proxy.restore()
  await app.prepared
  await eventually('it is ready', async () => (await client.get('/readyz')).status === 200, 3_000)
  await tokenFrom(app.url)
  await app.stop()
  await proxy.stop()
})

test('a server that starts before QuestDB serves what it can, and the rest as soon as it is there', async () => {
  const proxy = await startProxy(engines.questdbUrl)
  await proxy.cut()
  const app = await startApp(testConfig(engines, spool, { questdbUrl: proxy.url }), createLog('silent'))
  await app.prepared
  const client = new TestClient(app.url, await tokenFrom(app.url))
  assert.is((await client.get('/readyz')).status, 503)
  assert.is((await client.get('/api/datasets')).status, 200)
  assert.is((await client.get('/api/questdb/measurements')).status, 503)
  await proxy.restore()
  await eventually('it is ready', async () => (await client.get('/readyz')).status === 200, 3_000)
  assert.is((await client.get('/api/questdb/measurements?limit=1')).status, 200)
  await app.stop()
  await proxy.stop()
})

test('a server that is stopped while it waits for PostgreSQL stops at once', async () => {
  const proxy = await startProxy(engines.postgresUrl)
  await proxy.cut()
  const app = await startApp(testConfig(engines, spool, { postgresUrl: proxy.url }), createLog('silent'))
  const started = performance.now()
  await app.stop()
  assert.ok(performance.now() - started < 2_000)
  await proxy.stop()
})

test.run()
