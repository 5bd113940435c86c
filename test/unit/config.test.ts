/** Settings: where they come from, and what stops the start. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { ConfigError, loadConfig, settings } from '../../src/config.js'
import { test } from '../support/test.js'

const SECRET = 'a-secret-of-at-least-thirty-two-characters'
const folder = mkdtempSync(join(tmpdir(), 'stage1-test-config-'))
const files = { count: 0 }

test.after(() => rmSync(folder, { recursive: true, force: true }))

function load(env: Record<string, string> = {}) {
  return loadConfig({ STAGE1_AUTH_SHARED_SECRET: SECRET, ...env })
}

function file(content: unknown): string {
  const path = join(folder, `${files.count++}.json`)
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

function problemsOf(env: Record<string, string | undefined>): readonly string[] {
  try {
    loadConfig(env)
  } catch (error) {
    assert.instance(error, ConfigError)
    return (error as ConfigError).problems
  }
  throw new Error('the settings were accepted')
}

test('without settings the server listens on this machine only, and asks for a token', () => {
  const config = load()
  assert.is(config.server.host, '127.0.0.1')
  assert.is(config.server.port, 8080)
  assert.is(config.auth.enable_auth, true)
  assert.is(config.server.trust_proxy, false)
  assert.equal(config.cors.origins, ['https://agenticresearch.info'])
  assert.is(config.limits.request_seconds, 60)
  assert.ok(config.limits.frame_bytes >= 128 << 20)
  assert.ok(config.limits.json_bytes > 1_810_000, 'a run of 1 200 folds must fit')
})

test('a file sets what it names, and the environment wins over it', () => {
  const path = file({ server: { port: 9001, host: '0.0.0.0' }, cors: { origins: ['https://a.example'] } })
  const config = load({ STAGE1_CONFIG: path, STAGE1_SERVER_PORT: '9002' })
  assert.is(config.server.port, 9002)
  assert.is(config.server.host, '0.0.0.0')
  assert.equal(config.cors.origins, ['https://a.example'])
  assert.is(config.postgres.pool_size, load().postgres.pool_size)
})

test('the environment is text: numbers, switches and lists are read from it', () => {
  const config = load({
    STAGE1_AUTH_ENABLE_AUTH: 'false',
    STAGE1_SERVER_TRUST_PROXY: '1',
    STAGE1_SERVER_PORT: '0',
    STAGE1_CORS_ORIGINS: 'https://a.example, https://b.example:8443,,',
    STAGE1_LIMITS_FRAME_BYTES: '1099511627776',
    STAGE1_LOG_LEVEL: 'debug',
  })
  assert.is(config.auth.enable_auth, false)
  assert.is(config.server.trust_proxy, true)
  assert.is(config.server.port, 0)
  assert.equal(config.cors.origins, ['https://a.example', 'https://b.example:8443'])
  assert.is(config.limits.frame_bytes, 2 ** 40)
  assert.is(config.log.level, 'debug')
  assert.equal(load({ STAGE1_CORS_ORIGINS: '' }).cors.origins, [])
})

test('an unknown setting stops the start with its name, wherever it stands', () => {
  const path = file({ server: { prot: 8080 }, servers: { port: 1 }, auth: 'off' })
  const problems = problemsOf({ STAGE1_AUTH_SHARED_SECRET: SECRET, STAGE1_SERVER_PROT: '8080', STAGE1_CONFIG: path })
  const named = problems.join('\n')
  assert.match(named, /STAGE1_SERVER_PROT: no such setting/)
  assert.match(named, /server\.prot: no such setting/)
  assert.match(named, /servers\.port: no such setting/)
  assert.match(named, /auth/)
  assert.is(problems.length, 4)
})

test('every bad value is named at once, and none of them shown', () => {
  const bad = {
    STAGE1_SERVER_PORT: '70000',
    STAGE1_AUTH_ENABLE_AUTH: 'maybe',
    STAGE1_LIMITS_JSON_BYTES: '16 MB',
    STAGE1_POSTGRES_URL: 'mysql://root:hush-hush@db/stage1',
    STAGE1_QUESTDB_URL: 'hush-hush',
    STAGE1_LOG_LEVEL: 'loud',
    STAGE1_JOBS_LEASE_SECONDS: '2.5',
  }
  const problems = problemsOf({ STAGE1_AUTH_SHARED_SECRET: SECRET, ...bad })
  assert.equal(problems.map((problem) => problem.split(':')[0]).sort(), Object.keys(bad).sort())
  assert.not.match(problems.join('\n'), /hush-hush/)
})

test('a bad value in the file is named with the file', () => {
  const path = file({ limits: { json_bytes: 'many' } })
  const [problem] = problemsOf({ STAGE1_AUTH_SHARED_SECRET: SECRET, STAGE1_CONFIG: path })
  assert.ok(problem?.startsWith(`${path}: limits.json_bytes: `), problem)
})

test('a file that is missing, no JSON, or no object stops the start with its name', () => {
  for (const path of [join(folder, 'nowhere.json'), file('{ port: 1 }'), file('[1]'), file('null')]) {
    const [problem] = problemsOf({ STAGE1_AUTH_SHARED_SECRET: SECRET, STAGE1_CONFIG: path })
    assert.ok(problem?.startsWith(`STAGE1_CONFIG: ${path}: `), problem)
  }
})

test('a server that asks for tokens needs a secret that nobody guesses', () => {
  for (const secret of [undefined, '', 'short', 'x'.repeat(31)]) {
    const problems = problemsOf({ STAGE1_AUTH_SHARED_SECRET: secret })
    assert.is(problems.length, 1)
    assert.match(problems[0] ?? '', /^STAGE1_AUTH_SHARED_SECRET: .*32/)
  }
  assert.is(loadConfig({ STAGE1_AUTH_ENABLE_AUTH: 'false' }).auth.shared_secret, '')
})

test('a process has both roles unless it is told which; one that only runs jobs needs no secret', () => {
  assert.equal(load().server.roles, ['api', 'worker'])
  assert.equal(load({ STAGE1_ROLES: 'api' }).server.roles, ['api'])
  assert.equal(load({ STAGE1_ROLES: 'worker, api' }).server.roles, ['worker', 'api'])
  assert.equal(load({ STAGE1_CONFIG: file({ server: { roles: ['worker'] } }) }).server.roles, ['worker'])
  assert.equal(loadConfig({ STAGE1_ROLES: 'worker' }).server.roles, ['worker'])
  for (const roles of ['', 'web', 'api;worker', 'api,web'])
    assert.match(
      problemsOf({ STAGE1_AUTH_SHARED_SECRET: SECRET, STAGE1_ROLES: roles }).join('\n'),
      /^STAGE1_ROLES: must be api, worker, or both/,
    )
})

test('a store for the spool is told of whole or not at all', () => {
  const whole = {
    STAGE1_SPOOL_S3_BUCKET: 'spool',
    STAGE1_SPOOL_S3_ENDPOINT: 'http://127.0.0.1:9090',
    STAGE1_SPOOL_S3_ACCESS_KEY: 'hush-hush',
    STAGE1_SPOOL_S3_SECRET_KEY: 'hush-hush',
  }
  assert.is(load().spool.s3_bucket, '')
  assert.equal([load(whole).spool.s3_bucket, load(whole).spool.s3_path_style], ['spool', true])
  assert.is(load({ ...whole, STAGE1_SPOOL_S3_ENDPOINT: '' }).spool.s3_endpoint, '')
  for (const left of ['STAGE1_SPOOL_S3_BUCKET', 'STAGE1_SPOOL_S3_ACCESS_KEY', 'STAGE1_SPOOL_S3_SECRET_KEY']) {
    const problems = problemsOf({ STAGE1_AUTH_SHARED_SECRET: SECRET, ...whole, [left]: '' })
    assert.equal(
      problems.map((problem) => problem.split(':')[0]),
      [left],
    )
  }
  const [first] = problemsOf({ STAGE1_AUTH_SHARED_SECRET: SECRET, ...whole, STAGE1_SPOOL_S3_ENDPOINT: 'hush-hush' })
  assert.is(first, 'STAGE1_SPOOL_S3_ENDPOINT: must be a URL like https://s3.example.com')
})

test('a time limit beyond what may be asked for is a contradiction', () => {
  const problems = problemsOf({
    STAGE1_AUTH_SHARED_SECRET: SECRET,
    STAGE1_LIMITS_REQUEST_SECONDS: '100',
    STAGE1_LIMITS_MAX_REQUEST_SECONDS: '50',
  })
  assert.is(problems.length, 1)
  assert.match(problems[0] ?? '', /^STAGE1_LIMITS_REQUEST_SECONDS: .*max_request_seconds/)
})

test('names of the clients and of other programs are left alone', () => {
  const config = load({ STAGE1_API_BASE_URL: 'http://x', STAGE1_API_TOKEN: 't', STAGE1_TEST_RUN: 'r', PGHOST: 'db' })
  assert.is(config.server.port, 8080)
})

test('every setting has an environment name made from its key, and a line of help', () => {
  const all = settings()
  assert.is(new Set(all.map((setting) => setting.env)).size, all.length)
  for (const { key, env, help } of all) {
    assert.is(env, key === 'server.roles' ? 'STAGE1_ROLES' : `STAGE1_${key.replace('.', '_').toUpperCase()}`)
    assert.ok(help.length > 10, key)
  }
})

test.run()
