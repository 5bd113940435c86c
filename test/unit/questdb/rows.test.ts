/** The forms in which rows leave, made from QuestDB's answer however its bytes are cut. */
import { Readable } from 'node:stream'
import fc from 'fast-check'
import * as assert from 'uvu/assert'
import { Dataset, type RowForm } from '../../../src/questdb/dataset.js'
import { RowArrays, RowObjects } from '../../../src/questdb/row-forms.js'
import { TextCells } from '../../../src/questdb/text-cells.js'
import { test } from '../../support/test.js'

interface Answer {
  readonly query: string
  readonly columns: readonly { name: string; type: string }[]
  readonly dataset: readonly (readonly unknown[])[]
}

/** QuestDB's answer as text; numbers as QuestDB writes them. */
function answerText({ query, columns, dataset }: Answer): string {
  const head = `{"query":${JSON.stringify(query)},"columns":${JSON.stringify(columns)},"timestamp":-1,`
  return `${head}"dataset":${JSON.stringify(dataset)},"count":${dataset.length}}`
}

async function pass(form: RowForm, answer: Buffer, cuts: readonly number[]): Promise<string> {
  const places = [0, ...new Set(cuts.map((cut) => cut % answer.length))].sort((a, b) => a - b)
  const chunks = places.map((from, i) => answer.subarray(from, places[i + 1])).filter(({ length }) => length > 0)
  const out: Buffer[] = []
  for await (const chunk of Readable.from(chunks).pipe(new Dataset(form))) out.push(chunk as Buffer)
  return Buffer.concat(out).toString()
}

/** The form by itself, its rows cut anywhere, where the whole stream would hold short answers together. */
function passRows(form: RowForm, answer: Answer, cuts: readonly number[]): string {
  const rows = Buffer.from(JSON.stringify(answer.dataset).slice(1, -1))
  const places = [0, ...new Set(cuts.map((cut) => cut % Math.max(1, rows.length)))].sort((a, b) => a - b)
  const head = form.begin(answer.columns)
  const made = places.map((from, i) => form.next(rows.subarray(from, places[i + 1])))
  return Buffer.concat([head, ...made, form.end(String(answer.dataset.length))]).toString()
}

const tricky = fc.string({
  unit: fc.constantFrom(...'"\\,[]{}:abé😀\n\t0', '],"count":5}', '"dataset":['),
  maxLength: 8,
})
const cell = fc.oneof(
  fc.constantFrom(null, true, false, 0, -1.5e-7, 2 ** 53, [1.5, [2, null]], [], '2024-01-01T00:00:00.000000Z'),
  fc.double({ noDefaultInfinity: true, noNaN: true }),
  tricky,
)
const anyAnswer: fc.Arbitrary<Answer> = fc
  .record({
    query: tricky,
    names: fc.uniqueArray(
      tricky.filter((name) => name !== '__proto__'),
      { minLength: 1, maxLength: 5 },
    ),
  })
  .chain(({ query, names }) =>
    fc.record({
      query: fc.constant(query),
      columns: fc.constant(names.map((name) => ({ name, type: 'DOUBLE' }))),
      dataset: fc.array(fc.tuple(...names.map(() => cell)), { maxLength: 12 }),
    }),
  )
const anyCuts = fc.array(fc.nat(10_000), { maxLength: 40 })

test('rows as arrays are the bytes of QuestDB behind the prefix', async () => {
  const property = fc.asyncProperty(anyAnswer, anyCuts, async (answer, cuts) => {
    const text = answerText(answer)
    const expected = `{"measurement":"x",${text.slice(text.indexOf('"dataset":['))}`
    assert.is(await pass(new RowArrays('{"measurement":"x",'), Buffer.from(text), cuts), expected)
  })
  await fc.assert(property, { numRuns: 500 })
})

test('rows as objects have the same cells under their names', async () => {
  const property = fc.asyncProperty(anyAnswer, anyCuts, async (answer, cuts) => {
    const form = () => new RowObjects((columns) => `{"columns":${JSON.stringify(columns)},`, ',"more":false')
    const text = await pass(form(), Buffer.from(answerText(answer)), cuts)
    assert.is(passRows(form(), answer, cuts), text)
    const made = JSON.parse(text)
    const names = answer.columns.map(({ name }) => name)
    assert.equal(made.columns, answer.columns)
    assert.equal(
      made.rows.map((row: Record<string, unknown>) => names.map((name) => row[name])),
      JSON.parse(JSON.stringify(answer.dataset)),
    )
    assert.is(made.count, answer.dataset.length)
    assert.is(made.more, false)
  })
  await fc.assert(property, { numRuns: 500 })
})

const asText = (value: unknown) => (value === null || typeof value === 'string' ? value : JSON.stringify(value))

test('cells as text are the JSON of each cell as a string, text and null as they are', async () => {
  const property = fc.asyncProperty(anyAnswer, anyCuts, async (answer, cuts) => {
    const expected = answer.dataset.map((row) => row.map((value) => asText(JSON.parse(JSON.stringify(value)))))
    const made = JSON.parse(await pass(new TextCells('{"query":"x",'), Buffer.from(answerText(answer)), cuts))
    assert.equal(made, { query: 'x', dataset: expected, count: answer.dataset.length })
    const cut = JSON.parse(passRows(new TextCells('{'), answer, cuts))
    assert.equal(cut.dataset, expected)
  })
  await fc.assert(property, { numRuns: 500 })
})

test('cells as text keep the digits that QuestDB wrote, and quotes inside arrays stay inside', async () => {
  const columns = '"columns":[{"name":"a","type":"DOUBLE"},{"name":"b","type":"ARRAY"}],"timestamp":-1'
  const odd = JSON.stringify(['a"],\\', [1, null]])
  const text = `{"query":"x",${columns},"dataset":[[1.0E10,${odd}],[-0.0,[]],[9223372036854775807,null]],"count":3}`
  const rows = `["1.0E10",${JSON.stringify(odd)}],["-0.0","[]"],["9223372036854775807",null]`
  const expected = `{"dataset":[${rows}],"count":3}`
  for (let size = 1; size < 40; size++) {
    const cuts = Array.from({ length: Math.floor(text.length / size) }, (_, i) => (i + 1) * size)
    assert.is(await pass(new TextCells('{'), Buffer.from(text), cuts), expected)
  }
})

test('cells keep the digits that QuestDB wrote', async () => {
  const text =
    '{"query":"x","columns":[{"name":"a","type":"DOUBLE"},{"name":"b","type":"LONG"}],"timestamp":-1,"dataset":[[1.0E10,9223372036854775807],[-0.0,null]],"count":2}'
  const expected = '{"rows":[{"a":1.0E10,"b":9223372036854775807},{"a":-0.0,"b":null}],"count":2}'
  for (let size = 1; size < text.length; size++) {
    const cuts = Array.from({ length: Math.floor(text.length / size) }, (_, i) => (i + 1) * size)
    assert.is(await pass(new RowObjects('{'), Buffer.from(text), cuts), expected)
  }
})

test('names far longer than the cells find room', async () => {
  const columns = Array.from({ length: 40 }, (_, i) => ({ name: `${'long name '.repeat(12)}${i}`, type: 'LONG' }))
  const dataset = Array.from({ length: 300 }, (_, row) => columns.map((_, i) => (row + i) % 10))
  const made = JSON.parse(
    await pass(new RowObjects('{'), Buffer.from(answerText({ query: 'x', columns, dataset })), [9_000, 9_001]),
  )
  assert.equal(made.rows.map(Object.values), dataset)
})

test('an answer without rows is an empty list', async () => {
  const empty = Buffer.from(answerText({ query: 'x', columns: [{ name: 'a', type: 'LONG' }], dataset: [] }))
  assert.is(await pass(new RowObjects('{'), empty, []), '{"rows":[],"count":0}')
  assert.is(await pass(new RowArrays('{'), empty, []), '{"dataset":[],"count":0}')
})

test('a row with too few or too many cells is no answer of QuestDB', async () => {
  for (const dataset of [[[1]], [[1, 2, 3]]]) {
    const columns = ['a', 'b'].map((name) => ({ name, type: 'LONG' }))
    const made = pass(new RowObjects('{'), Buffer.from(answerText({ query: 'x', columns, dataset })), [])
    await made.then(
      () => assert.unreachable(),
      (error) => assert.is(error.code, 'QUESTDB_UNAVAILABLE'),
    )
  }
})

test.run()
