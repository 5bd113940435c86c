/** JSON that parsing would change without a word. */
import fc from 'fast-check'
import * as assert from 'uvu/assert'
import type { DomainError } from '../../../src/errors.js'
import { requireExact } from '../../../src/frames/json-exact.js'
import { test } from '../../support/test.js'

function refusal(text: string, pointer = ''): DomainError | undefined {
  try {
    requireExact(text, JSON.parse(text), pointer)
    return undefined
  } catch (error) {
    return error as DomainError
  }
}

/** The place that the refusal names. */
function pointerIn(error: DomainError | undefined): unknown {
  const { pointer } = [error?.details ?? {}].flat()[0] as { pointer?: unknown }
  return pointer
}

test('of two members of one name the second is pointed at, however it is spelled', () => {
  const cases = [
    ['{"a":1,"a":1}', '/a'],
    ['{"a":1,"\\u0061":2}', '/a'],
    ['{"a":{"b":[{"c":1},{"c":1, "d" : 2 ,"c"\n:3}]}}', '/a/b/1/c'],
    ['[1,[2,3],{"x/y":1,"x~":2,"x/y":3}]', '/2/x~1y'],
    ['{"__proto__":1,"__proto__":2}', '/__proto__'],
    ['{"a\\"b":":","a\\"b":1}', '/a"b'],
    ['{"":1,"":2}', '/'],
  ] as const
  for (const [text, pointer] of cases) {
    const error = refusal(text)
    assert.is(error?.code, 'JSON_MALFORMED', text)
    assert.is(pointerIn(error), pointer, text)
  }
  assert.is(pointerIn(refusal('{"b":1,"b":2}', '/metadata')), '/metadata/b')
})

test('the same name in different objects, in text and in values is no fault', () => {
  for (const text of [
    '{"a":{"a":1},"b":[{"a":1},{"a":2}]}',
    '{"a":"{\\"a\\":1,\\"a\\":2}"}',
    '{"a":"x:y","b":"\\\\","c":"\\\\\\"a\\":"}',
    '[]',
    '""',
    '":"',
    '{"":{"":{}}}',
  ])
    assert.is(refusal(text), undefined, text)
})

test('a whole number that would come back as another is pointed at', () => {
  const cases = [
    ['{"a":9007199254740993}', '/a'],
    ['{"a":[1,-9007199254740993]}', '/a/1'],
    ['18446744073709551615', ''],
    ['{"a":{"b":1732831200123456789}}', '/a/b'],
    ['{"a":12345678901234567890123}', '/a'],
    [`{"a":${'1'.repeat(401)}}`, '/a'],
    [`{"a":0.${'1'.repeat(400)}}`, '/a'],
    [`{"a":1e${'0'.repeat(400)}1}`, '/a'],
  ] as const
  for (const [text, pointer] of cases) {
    const error = refusal(text)
    assert.is(error?.code, 'REQUEST_INVALID', text.slice(0, 60))
    assert.is(pointerIn(error), pointer, text.slice(0, 60))
  }
})

test('numbers that a double holds, and doubles in any spelling, are no fault', () => {
  const kept = [
    ...['9007199254740991', '-9007199254740992', '9007199254740994', '18446744073709551616', '1732831200000000000'],
    ...['100000000000000000000', '123456789012345680000', '-0', '0', '1e308', '12345678901234567890.5', '1E+2'],
    ...['0.1234567890123456789012', '"9007199254740993"', '{"9007199254740993":1}'],
  ]
  for (const text of kept) assert.is(refusal(text), undefined, text)
})

test('whatever JSON.stringify writes is as it was', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(undefined, 1, '\t'), (value, indent) => {
      const error = refusal(JSON.stringify(value, undefined, indent))
      assert.is(error, undefined)
    }),
    { numRuns: 2_000 },
  )
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      assert.is(refusal(JSON.stringify({ value })), undefined)
    }),
    { numRuns: 2_000 },
  )
})

test('a member that is put in once more is found wherever it stands', () => {
  const names = fc.constantFrom('a', 'b', '"', '\\', ':', '{', 'é', '__proto__')
  const object = fc.dictionary(names, fc.jsonValue(), { minKeys: 1, noNullPrototype: true })
  fc.assert(
    fc.property(object, fc.jsonValue(), (value, other) => {
      const [name] = Object.keys(value)
      const text = `${JSON.stringify(value).slice(0, -1)},${JSON.stringify(name)}:${JSON.stringify(other)}}`
      const error = refusal(`{"outer":[${text}]}`)
      assert.is(error?.code, 'JSON_MALFORMED', text)
    }),
    { numRuns: 2_000 },
  )
})

test.run()
