/** The read-only guard, by itself: what it lets through and what it does not. */
import fc from 'fast-check'
import * as assert from 'uvu/assert'
import { DomainError } from '../../../src/errors.js'
import { guardedSelect } from '../../../src/questdb/select.js'
import { tokenize } from '../../../src/questdb/sql-tokens.js'
import { ALLOWED, filled, REFUSED, REFUSED_AND_NEVER_SENT } from '../../support/statements.js'
import { test } from '../../support/test.js'

const places = { t: 'canary', u: 'other', staged: 'stage1_staged_0123456789abcdef' }
const shown = (sql: string) => JSON.stringify(sql.slice(0, 120))

function refusal(sql: string): DomainError {
  try {
    guardedSelect(sql)
  } catch (error) {
    assert.instance(error, DomainError, shown(sql))
    assert.is((error as DomainError).code, 'QUERY_REFUSED', shown(sql))
    return error as DomainError
  }
  return assert.unreachable(`let through: ${shown(sql)}`) as never
}

test('the tables of statements are as large as they are meant to be', () => {
  assert.ok(new Set(REFUSED).size >= 400)
  assert.ok(new Set(ALLOWED).size >= 80)
})

test('whatever does more than read, or could, is refused with its place', () => {
  for (const statement of [...REFUSED, ...REFUSED_AND_NEVER_SENT]) {
    const sql = filled(statement, places)
    const { position } = refusal(sql).details as { position: number }
    assert.ok(Number.isInteger(position) && position >= 0 && position <= sql.length, shown(sql))
  }
})

test('statements that read are let through as they are, but for comments and what is behind them', () => {
  for (const statement of ALLOWED) {
    const sql = filled(statement, places)
    const guarded = guardedSelect(sql)
    assert.match(guarded.sql, /^[\s(]*(select|with|declare|explain|show|canary\))/i, shown(sql))
    if (/^\s*show tables/i.test(sql) || /--|\/\*/.test(sql)) continue
    const body = sql.replace(/[\s;]*$/, '')
    assert.is(guarded.sql, guarded.shift === 0 ? body : `SELECT * FROM ${body}`)
    assert.is(guarded.shift, guarded.sql.length - body.length)
  }
})

test('comments are blanks, so that every place stays what it was', () => {
  const sql = "-- it's\nselect 'a -- b' /* it's */ , price--x\nfrom t -- end"
  const guarded = guardedSelect(sql)
  assert.is(guarded.sql, "       \nselect 'a -- b'            , price   \nfrom t")
  assert.is(guarded.sql.indexOf('from'), sql.indexOf('from'))
})

test('only what may end in something else than a SELECT is looked at again', () => {
  for (const sql of ['select 1', 'btc', 'show tables', '-- x\nselect 1']) assert.not(guardedSelect(sql).ambiguous, sql)
  for (const sql of ['with x as (select 1) select 1', 'declare @x := 1 select 1', '(select 1)', 'explain select 1'])
    assert.ok(guardedSelect(sql).ambiguous, sql)
})

test('a refusal says what is in the way and where', () => {
  const cases: [string, RegExp, number][] = [
    ['TRUNCATE TABLE x', /^TRUNCATE is not run here; only statements that read .*\(character 1\)$/, 0],
    ['select 1; drop table x', /one statement at a time/, 8],
    ['select a, cancel_query(1)', /cancel_query\(\) is not on the list of functions/, 10],
    ['select "reload_config"', /QuestDB takes reload_config for a function/, 7],
    ['select * from telemetry', /there is no measurement telemetry/, 14],
    ['select update from t', /UPDATE does not read; put it in double quotes/, 7],
    ['select\u00a01', /U\+00A0 has no meaning here/, 6],
    ["select 'x", /this quote is not closed: '/, 7],
    ["select * from t where a ~ 'x'", /regular expressions/, 24],
    ['with x as (select 1) insert into t select 1', /INSERT is not run here/, 21],
    [`select '${'é'.repeat(10_000)}'`, /bytes long once percent-encoded/, 0],
  ]
  for (const [sql, message, position] of cases) {
    const error = refusal(sql)
    assert.match(error.message, message)
    assert.equal(error.details, { position })
  }
})

test('names of columns that are words of other statements need no quotes', () => {
  for (const name of ['close', 'open', 'begin', 'set', 'cancel', 'snapshot', 'start', 'backup', 'replace'])
    guardedSelect(`select ${name} from t where ${name} > 1`)
  refusal('select insert from t')
  guardedSelect('select "insert", "update" from t where "truncate" > 1')
})

const FRAGMENTS = [
  ...["'", '"', "''", '--', '/*', '*/', '\n', ' ', '(', ')', ';', ',', '.', '*', '/', '-', '~', '@x', ':='],
  ...['select', 'insert', 'into', 'from', 'with', 'as', 'truncate', 'table', 'a', '1', 'é', 'cancel_query', 'like'],
]

test('whatever is thrown at it is refused or let through, and what leaves has no comment and no second statement', () => {
  const anySql = fc.array(fc.constantFrom(...FRAGMENTS), { maxLength: 25 }).map((parts) => `select ${parts.join('')}`)
  const property = fc.property(anySql, (sql) => {
    let sent: string
    try {
      sent = guardedSelect(sql).sql
    } catch (error) {
      assert.is((error as DomainError).code, 'QUERY_REFUSED')
      return
    }
    const bare = sent.replaceAll(/'(?:[^']|'')*'|"[^"]*"/g, 'Q')
    assert.not.match(bare, /--|\/\*|;|~|'|"|[^\x20-\x7e\n]/)
    assert.not.match(bare, /\b(insert|truncate)\b|cancel_query\s*\(/)
  })
  fc.assert(property, { numRuns: 5_000 })
})

test('tokens cover everything but blanks and comments', () => {
  const anySql = fc.string({ unit: fc.constantFrom(...' \n\'"abc_1.;()-/*@:=<>'), maxLength: 40 })
  fc.assert(
    fc.property(anySql, (sql) => {
      let tokenized: ReturnType<typeof tokenize>
      try {
        tokenized = tokenize(sql)
      } catch (error) {
        assert.is((error as DomainError).code, 'QUERY_REFUSED')
        return
      }
      assert.is(tokenized.plain.length, sql.length)
      const written = tokenized.tokens.map((token) => sql.slice(token.at, token.end)).join('')
      assert.is(written.replaceAll(/\s/g, ''), tokenized.plain.replaceAll(/\s/g, ''))
    }),
    { numRuns: 5_000 },
  )
})

test.run()
