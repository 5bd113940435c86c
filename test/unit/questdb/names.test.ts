import * as assert from 'uvu/assert'
import { DomainError, type ErrorCode } from '../../../src/errors.js'
import { questDbType, writableAs } from '../../../src/questdb/column-types.js'
import {
  isReservedName,
  quoteIdentifier,
  quoteText,
  requireColumnName,
  requireMeasurementName,
  stagedTableName,
} from '../../../src/questdb/names.js'
import { test } from '../../support/test.js'

function refusal(code: ErrorCode, action: () => unknown): DomainError {
  try {
    action()
  } catch (error) {
    assert.instance(error, DomainError)
    assert.is((error as DomainError).code, code)
    return error as DomainError
  }
  return assert.unreachable(`not refused with ${code}`) as never
}

test('a measurement is named with letters, digits and underscores', () => {
  for (const name of ['a', '_', 'BTCUSDT_1m', 'ohlcv_2024', 'Sys_load', 'a'.repeat(127)]) {
    assert.is(requireMeasurementName(name), name)
  }
})

test('a measurement name that SQL or QuestDB could misread is refused', () => {
  const names = ['', '1m', 'a b', 'a-b', 'a.b', 'a"b', "a'b", 'a;b', 'é', 'a\n', 'a'.repeat(128), 'a"; DROP TABLE b']
  for (const name of names) refusal('MEASUREMENT_NAME_INVALID', () => requireMeasurementName(name))
})

test('names of system tables and of tables being made are kept back, whatever their case', () => {
  for (const name of ['telemetry', 'Telemetry_config', '_query_trace', 'stage1_staged_1', 'STAGE1_Staged_x']) {
    refusal('MEASUREMENT_NAME_INVALID', () => requireMeasurementName(name))
    assert.ok(isReservedName(name))
  }
  for (const name of ['sys.copy_export_log', 'zzz.copy.1', stagedTableName()]) assert.ok(isReservedName(name))
  for (const name of ['system', 'stage1_datasets', 'my_telemetry']) assert.not.ok(isReservedName(name))
})

test('two staged tables never share a name', () => {
  assert.is.not(stagedTableName(), stagedTableName())
  assert.match(stagedTableName(), /^stage1_staged_[0-9a-f]{32}$/)
})

test('a column may be called what QuestDB takes', () => {
  for (const name of ['open', 'RSI 14', 'a=b', 'x[0]', '收盘', '1', 'select', 'a_b', '#1', 'x'.repeat(127)]) {
    assert.is(requireColumnName(name), name)
  }
})

test('a refused column name says which character is in the way', () => {
  for (const character of '?,\'"\\/:()+*%~.-') {
    const error = refusal('COLUMN_NAME_INVALID', () => requireColumnName(`a${character}b`))
    assert.equal(error.details, { column: `a${character}b`, character })
    assert.ok(error.message.endsWith(`does not take ${character}.`), error.message)
  }
  const invisible = refusal('COLUMN_NAME_INVALID', () => requireColumnName('a\ufeffb'))
  assert.match(invisible.message, /U\+FEFF/)
  refusal('COLUMN_NAME_INVALID', () => requireColumnName('a\tb'))
  refusal('COLUMN_NAME_INVALID', () => requireColumnName('half \ud83d pair'))
  assert.is(requireColumnName('whole 😀 pair'), 'whole 😀 pair')
})

test('a column name too long for a file name is refused', () => {
  for (const name of ['', 'x'.repeat(128), '收'.repeat(81)])
    refusal('COLUMN_NAME_INVALID', () => requireColumnName(name))
  assert.is(requireColumnName('收'.repeat(80)), '收'.repeat(80))
})

test('an identifier is quoted, and one that could end its quotes is refused', () => {
  assert.is(quoteIdentifier('select'), '"select"')
  for (const name of ['', 'a"b', "a'b", 'a\0b']) refusal('MEASUREMENT_NAME_INVALID', () => quoteIdentifier(name))
})

test('a text in SQL keeps its quotes inside', () => {
  assert.is(quoteText("o'clock '"), "'o''clock '''")
})

test('each kind of column has a type in QuestDB, and comes back as the same kind', () => {
  for (const type of ['double', 'long', 'boolean', 'varchar', 'symbol', 'timestamp'] as const) {
    assert.is(writableAs(questDbType(type)), type)
  }
})

test('an existing column of another type is written as the nearest kind, or not at all', () => {
  const kinds = ['INT', 'FLOAT', 'STRING', 'UUID', 'DATE', 'IPv4', 'GEOHASH(4c)', 'DECIMAL(10,2)', 'BINARY', 'DOUBLE[]']
  const expected = [
    'long',
    'double',
    'varchar',
    'varchar',
    'timestamp',
    'varchar',
    'varchar',
    'double',
    undefined,
    undefined,
  ]
  assert.equal(kinds.map(writableAs), expected)
})

test.run()
