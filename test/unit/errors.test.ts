/** Errors of the domain, and what of them crosses to another thread or into a job. */
import * as assert from 'uvu/assert'
import { DomainError, ERROR_CODES, fromErrorRecord, isDomainError, toErrorRecord } from '../../src/errors.js'
import { test } from '../support/test.js'

test('codes are unique', () => {
  assert.is(new Set(ERROR_CODES).size, ERROR_CODES.length)
})

test('an error is told by its code', () => {
  const error = new DomainError('RUN_NOT_FOUND', 'there is no run 7', { run_id: '7' })
  assert.ok(error instanceof Error)
  assert.is(String(error), 'DomainError: there is no run 7')
  assert.ok(isDomainError(error))
  assert.ok(isDomainError(error, 'RUN_NOT_FOUND'))
  assert.not(isDomainError(error, 'JOB_NOT_FOUND'))
  assert.not(isDomainError(new Error('there is no run 7')))
  assert.not(isDomainError(undefined))
})

test('an error comes back from another thread as it went', () => {
  const error = new DomainError('CELL_INVALID', 'line 3: expected a number', { line: 3, value: 'x' })
  const record = structuredClone(toErrorRecord(error))
  const back = fromErrorRecord(record)
  assert.equal([back.code, back.message, back.details], [error.code, error.message, error.details])
})

test('the text of an unforeseen error stays on the server', () => {
  const record = toErrorRecord(new TypeError('cannot read /etc/stage1/secret'))
  assert.is(record.code, 'INTERNAL')
  assert.equal(record.details, {})
  assert.not.match(record.message, /secret/)
})

test('the cause goes along for the log', () => {
  const cause = new Error('ECONNREFUSED')
  assert.is(new DomainError('QUESTDB_UNAVAILABLE', 'away', {}, { cause }).cause, cause)
})

test.run()
