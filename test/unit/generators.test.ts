/** What generated clients stumble over, as tried with openapi-generator 7.25: the contract keeps clear of it. */
import { readFileSync } from 'node:fs'
import * as assert from 'uvu/assert'
import { test } from '../support/test.js'

type Json = Record<string, unknown>

const contract = JSON.parse(readFileSync(new URL('../../generated/openapi.json', import.meta.url), 'utf8')) as Json

function* nodes(value: unknown, at: string): Generator<{ node: Json; at: string }> {
  if (typeof value !== 'object' || value === null) return
  if (!Array.isArray(value)) yield { node: value as Json, at }
  for (const [key, child] of Object.entries(value)) yield* nodes(child, `${at}/${key}`)
}

test('no two properties of a schema become one name in C++, where row_count and rowCount are the same', () => {
  const clashes: string[] = []
  for (const { node, at } of nodes(contract, '')) {
    if (typeof node.properties !== 'object' || node.properties === null || node.type !== 'object') continue
    const names = Object.keys(node.properties).map((name) => name.replaceAll('_', '').toLowerCase())
    if (new Set(names).size < names.length) clashes.push(at)
  }
  assert.equal(clashes, [])
})

test('a number bounded by all doubles has an example: generators make one up from the difference of the bounds', () => {
  const bare: string[] = []
  for (const { node, at } of nodes(contract.components, '')) {
    const named = !at.startsWith('/schemas/') || at.split('/').length > 3
    if (named && node.maximum === Number.MAX_VALUE && node.example === undefined) bare.push(at)
  }
  assert.equal(bare, [])
})

test('all successes of an operation have one schema: a generated client returns the first', () => {
  const mixed: string[] = []
  for (const [path, item] of Object.entries(contract.paths as Record<string, Record<string, Json>>)) {
    for (const [method, operation] of Object.entries(item)) {
      const answers = Object.entries((operation.responses ?? {}) as Record<string, Json>)
      const schemas = answers
        .filter(([status]) => status.startsWith('2'))
        .map(([, answer]) => (answer.content as Record<string, Json> | undefined)?.['application/json']?.schema)
        .filter((schema) => schema !== undefined)
      if (new Set(schemas.map((schema) => JSON.stringify(schema))).size > 1) mixed.push(`${method} ${path}`)
    }
  }
  assert.equal(mixed, [])
})

test.run()
