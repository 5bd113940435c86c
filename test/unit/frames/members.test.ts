import fc from 'fast-check'
import * as assert from 'uvu/assert'
import { DomainError } from '../../../src/errors.js'
import { JsonMembers, type Members } from '../../../src/frames/members.js'
import { test } from '../../support/test.js'

const LARGE = new Set(['rows', 'data'])

test('a body of rows keeps its names and tells where the rows are', () => {
  const body =
    '{ "measurement": "btc_ohlcv", "rows": [ {"a": "]"} ], "options": {"dedup": [1, {"x": null}]}, "n": -1.5e3 }'
  const { head, large } = scan(body)
  assert.equal(head, { measurement: 'btc_ohlcv', options: { dedup: [1, { x: null }] }, n: -1500 })
  const rows = large.get('rows')
  assert.equal(rows, { start: 38, end: 52, kind: 'array' })
  assert.is(body.slice(rows?.start, rows?.end), '[ {"a": "]"} ]')
})

test('a large member may be text or an object; what is small whatever it holds stays with the others', () => {
  const { head, large } = scan('{"data":"a,b\\n\\"1\\",2\\\\","rows":{"x":[1]}}')
  assert.equal(head, {})
  assert.equal(
    [...large],
    [
      ['data', { start: 8, end: 24, kind: 'string' }],
      ['rows', { start: 32, end: 41, kind: 'other' }],
    ],
  )
  const small = scan('{"data":null,"rows":12}')
  assert.equal([small.head, small.large.size], [{ data: null, rows: 12 }, 0])
  assert.equal(scan('{"rows":true,"data":false}').head, { rows: true, data: false })
})

test('an empty object, an escaped name and a byte order mark are read', () => {
  assert.equal(scan(' {\n} ').head, {})
  assert.equal(scan('{"r\\u006fws":[1]}').large.get('rows'), { start: 13, end: 16, kind: 'array' })
  assert.equal(scan('\ufeff{"rows":[]}').large.get('rows'), { start: 11, end: 13, kind: 'array' })
  assert.equal(Object.keys(scan('{"__proto__":1}').head), ['__proto__'])
})

test('a body that stops too soon says so, with its length', () => {
  const cases: [string, RegExp][] = [
    ['', /^byte 0: the body is empty/],
    ['  ', /^byte 2: the body is empty/],
    ['{', /^byte 1: the body ends early, before its object is closed: was it sent completely\?$/],
    ['{"a"', /^byte 4: the body ends early, before/],
    ['{"a":1,', /^byte 7: the body ends early, before/],
    ['{"rows":[{"x":"}]', /^byte 17: the body ends early, inside the value of "rows"/],
    ['{"rows":"a\\"', /^byte 12: the body ends early, inside the value of "rows"/],
    ['{"n":12', /^byte 7: the body ends early, inside the value of "n"/],
    ['{"n":', /^byte 5: the body ends early, inside the value of "n"/],
  ]
  for (const [body, message] of cases) refused(body, 'JSON_MALFORMED', message)
})

test('a body that is no such object says where it goes wrong', () => {
  const cases: [string, RegExp][] = [
    ['[1]', /^byte 0: the body must be a JSON object, found "\["/],
    ['"x"', /^byte 0: the body must be a JSON object/],
    ['\ufeff\ufeff{}', /^byte 3: the body must be a JSON object, found byte 0xef/],
    ['{}{', /^byte 2: the body goes on after its object has ended, found "{"/],
    ['{"a":1}}', /^byte 7: the body goes on/],
    ['{a:1}', /^byte 1: expected the name of a member, found "a"/],
    ['{,}', /^byte 1: expected the name of a member, found ","/],
    ['{"a":1,}', /^byte 7: expected the name of a member, found "}"/],
    ['{"a" 1}', /^byte 5: expected ":" after "a", found "1"/],
    ['{"rows":[1] 2}', /^byte 12: expected "," or "}" after the value of "rows", found "2"/],
    ['{"a":}', /^byte 5: the value of "a" is not valid JSON/],
    ['{"a":tru}', /^byte 5: the value of "a" is not valid JSON/],
    ['{"a":01}', /^byte 5: the value of "a" is not valid JSON/],
    ['{"a":[1,]}', /^byte 5: the value of "a" is not valid JSON/],
    ['{"a":"\n"}', /^byte 5: the value of "a" is not valid JSON/],
    ['{"\\x":1}', /^byte 1: a name is not valid JSON/],
    ['{"a":[1}}', /^byte 7: "}" closes nothing that is open/],
    ['{"rows":[{]]}', /^byte 10: "]" closes nothing that is open/],
    ['{"a":1,"rows":[],"\\u0061":2}', /^byte 17: the member "a" is there twice/],
    ['{"rows":[],"rows":[]}', /^byte 11: the member "rows" is there twice/],
  ]
  for (const [body, message] of cases) refused(body, 'JSON_MALFORMED', message)
  refused(Buffer.from('\xef{}', 'latin1'), 'JSON_MALFORMED', /^byte 1: the body must be a JSON object/)
  refused(Buffer.from('{"a":"\xe9"}', 'latin1'), 'JSON_MALFORMED', /^byte 5: the value of "a" is not valid UTF-8/)
  refused(Buffer.from('{"\xe9":1}', 'latin1'), 'JSON_MALFORMED', /^byte 1: a name is not valid UTF-8/)
})

test('nesting is allowed to 64 levels, the body\u2019s own included, in small and large members', () => {
  for (const name of ['rows', 'other']) {
    const nested = (depth: number) => `{"${name}":${'['.repeat(depth)}${']'.repeat(depth)}}`
    scan(nested(63))
    refused(nested(64), 'JSON_MALFORMED', /^byte \d+: arrays and objects are nested deeper than 64/)
    refused(`{"${name}":${'['.repeat(1_000_000)}`, 'JSON_MALFORMED', /nested deeper than 64/)
  }
})

test('small members have a limit in all, large ones have none', () => {
  const long = 'x'.repeat(100)
  assert.is(scan(`{"rows":"${long.repeat(10)}","a":"${long}"}`, 120).head.a, long)
  for (const body of [
    `{"a":"${long}","b":"${long}"}`,
    `{"${long}${long}":1}`,
    `{"a":${'1'.repeat(200)}}`,
    `{"rows":${'1'.repeat(200)}}`,
  ])
    refused(body, 'BODY_TOO_LARGE', /^the members of the body other than rows, data may have 120 bytes in all/, 120)
  const error = failure(`{"a":"${long}${long}`, 120)
  assert.equal(error.details, { limit: 120 })
})

test('any object, in any chunks, gives what JSON.parse gives, and the bytes of its large members', () => {
  const awkward = fc.string({
    unit: fc.constantFrom('a', '"', '\\', '{', '}', '[', ']', ',', '\n', 'é', '😀'),
    maxLength: 80,
  })
  const value = fc.oneof(fc.jsonValue({ maxDepth: 3 }), awkward, fc.array(awkward, { maxLength: 5 }))
  const name = fc.oneof(fc.constantFrom('rows', 'data', 'measurement'), awkward, fc.string())
  const object = fc.dictionary(name, value, { maxKeys: 6, noNullPrototype: true })
  const style = fc.constantFrom<[number, string]>([0, ''], [2, ' '], [0, '\r\n\t '])
  fc.assert(
    fc.property(object, fc.array(fc.nat(400)), style, (made, cuts, [indent, space]) => {
      const body = Buffer.from(`${space}${JSON.stringify(made, null, indent)}${space}`)
      const { head, large } = scan(body, 1e6, cuts)
      const parsed = JSON.parse(body.toString())
      const read = Object.fromEntries(
        [...large].map(([name, range]) => [name, JSON.parse(body.subarray(range.start, range.end).toString())]),
      )
      assert.equal({ ...head, ...read }, parsed)
      for (const key of LARGE)
        assert.is(
          large.has(key),
          typeof parsed[key] === 'string' || (typeof parsed[key] === 'object' && parsed[key] !== null),
        )
    }),
    { numRuns: 2000 },
  )
})

test('a long text ends where JSON ends it, however many of its quotes are escaped and wherever it is cut', () => {
  const unit = fc.constantFrom('a', 'abcdefghijklmnopqrstuvwxyz0123456789', '"', '\\')
  const text = fc.array(unit, { minLength: 5, maxLength: 60, size: 'max' }).map((units) => units.join(''))
  fc.assert(
    fc.property(text, fc.array(fc.nat(1500), { maxLength: 40, size: 'max' }), (text, cuts) => {
      const body = Buffer.from(JSON.stringify({ data: text, rows: [text, { [text]: text }] }))
      const { large } = scan(body, 100, cuts)
      const data = large.get('data')
      const rows = large.get('rows')
      assert.is(JSON.parse(body.subarray(data?.start, data?.end).toString()), text)
      assert.equal(JSON.parse(body.subarray(rows?.start, rows?.end).toString()), [text, { [text]: text }])
    }),
    { numRuns: 1000 },
  )
})

test('no beginning of a body passes for the whole, and every fault is found in every chunking', () => {
  const body = Buffer.from('{"a":"é\\"","rows":[{"x":"\\\\"}],"data":"1,2\\n","n":12}')
  for (let end = 0; end < body.length; end++)
    assert.is(failure(body.subarray(0, end)).code, 'JSON_MALFORMED', String(end))
  const wrong = Buffer.from('{"a":"é\\"","rows":[{"x":"\\\\"}],"data":"1,2\\n" "n":12}')
  fc.assert(
    fc.property(fc.array(fc.nat(wrong.length)), (cuts) => {
      assert.is(
        failure(wrong, 1e6, cuts).message,
        'byte 47: expected "," or "}" after the value of "data", found a quote',
      )
    }),
  )
})

function scan(body: string | Buffer, maxHeadBytes = 1e6, cuts: number[] = []): Members {
  const bytes = Buffer.from(body)
  const members = new JsonMembers(LARGE, maxHeadBytes)
  const places = [0, ...cuts.filter((at) => at < bytes.length).sort((a, b) => a - b), bytes.length]
  for (let i = 1; i < places.length; i++) {
    // The scanner must not keep a chunk: whoever reads the body may use it again.
    const chunk = Uint8Array.from(bytes.subarray(places[i - 1], places[i]))
    members.push(chunk)
    chunk.fill(0)
  }
  return members.end()
}

function failure(body: string | Buffer, maxHeadBytes = 1e6, cuts: number[] = []): DomainError {
  try {
    scan(body, maxHeadBytes, cuts)
  } catch (error) {
    if (error instanceof DomainError) return error
    throw error
  }
  throw new Error(`nothing was thrown for ${body}`)
}

function refused(body: string | Buffer, code: string, message: RegExp, maxHeadBytes = 1e6): void {
  const error = failure(body, maxHeadBytes)
  assert.is(error.code, code, error.message)
  assert.match(error.message, message)
}

test.run()
