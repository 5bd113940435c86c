/** Any error as the problem that a client sees. */
import { readFileSync } from 'node:fs'
import * as assert from 'uvu/assert'
import { DomainError, ERROR_CODES, type ErrorCode } from '../../../src/errors.js'
import { problemOf } from '../../../src/http/problem.js'
import { test } from '../../support/test.js'

const REQUEST = '3f0c8a52-23a5-4d0b-b1d0-1a3bd2a6f0de'

test('a domain error keeps its code, its sentence and its details', () => {
  const details = { line: 7, column: 'close', value: 'abc' }
  const { status, headers, body } = problemOf(
    new DomainError('CELL_INVALID', 'line 7: expected a number', details),
    REQUEST,
  )
  assert.is(status, 422)
  assert.equal(headers, {})
  assert.equal(body, {
    type: 'urn:stage1:problem:CELL_INVALID',
    title: 'Unprocessable Entity',
    status: 422,
    error: 'line 7: expected a number',
    message: 'line 7: expected a number',
    code: 'CELL_INVALID',
    details,
    request_id: REQUEST,
  })
})

test('every code has a status and a title in words', () => {
  const statuses = Object.fromEntries(
    ERROR_CODES.map((code) => {
      const { status, body } = problemOf(new DomainError(code, 'why'), REQUEST)
      assert.is(body.status, status)
      assert.match(body.title, /^[A-Z][A-Za-z -]+$/, code)
      return [code, status]
    }),
  ) as Record<ErrorCode, number>
  assert.is(statuses.RUN_NOT_FOUND, 404)
  assert.is(statuses.DATASET_UNKNOWN, 409)
  assert.is(statuses.UNAUTHORIZED, 401)
  assert.is(statuses.RATE_LIMITED, 429)
  assert.is(statuses.TIME_LIMIT, 504)
  assert.is(statuses.QUESTDB_UNAVAILABLE, 503)
})

test('every code fits what the contract declares for codes', () => {
  for (const code of ERROR_CODES) assert.match(code, /^[A-Z][A-Z_]{1,63}$/)
})

test('an error that nobody foresaw shows nothing of itself but the request under which it is logged', () => {
  const secret = new Error('select * from stage1_tokens failed at /srv/stage1/secret.ts')
  for (const thrown of [secret, 'select * from stage1_tokens', undefined, null, { message: 'stage1_tokens' }]) {
    const { status, body } = problemOf(thrown, REQUEST)
    assert.is(status, 500)
    assert.is(body.code, 'INTERNAL')
    assert.equal(body.details, { request_id: REQUEST })
    assert.ok(body.message.includes(REQUEST))
    assert.not.match(JSON.stringify(body), /stage1_tokens|secret\.ts/)
  }
})

test('an engine that is away, and a server that stops, say when to try again', () => {
  for (const code of ['POSTGRES_UNAVAILABLE', 'QUESTDB_UNAVAILABLE', 'SPOOL_UNAVAILABLE', 'DRAINING'] as const) {
    const { status, headers } = problemOf(new DomainError(code, 'away'), REQUEST)
    assert.is(status, 503)
    assert.match(headers['Retry-After'] ?? '', /^[1-9]\d?$/, code)
  }
  const limited = problemOf(new DomainError('RATE_LIMITED', 'slower', { retry_after: 17 }), REQUEST)
  assert.is(limited.headers['Retry-After'], '17')
  assert.equal(problemOf(new DomainError('RUN_NOT_FOUND', 'gone'), REQUEST).headers, {})
})

test('an endless sentence is cut to what the contract allows', () => {
  const { body } = problemOf(new DomainError('QUESTDB_REFUSED', 'x'.repeat(100_000)), REQUEST)
  const { maxLength } = schemaOf('Problem').properties.error
  assert.ok(body.error.length <= maxLength)
  assert.is(body.message, body.error)
})

function schemaOf(name: string) {
  const contract = JSON.parse(readFileSync(new URL('../../../generated/openapi.json', import.meta.url), 'utf8'))
  return contract.components.schemas[name] as { properties: Record<'error', { maxLength: number }> }
}

test.run()
