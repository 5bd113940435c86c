/** The precompiled router answers every request as openapi-backend's own router does. */
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { type Document, OpenAPIBackend } from 'openapi-backend'
import * as assert from 'uvu/assert'
import { allowedMethods, precompileRouter } from '../../../src/http/router.js'
import { test } from '../../support/test.js'

type Router = OpenAPIBackend['router']

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'] as const
const contract = JSON.parse(
  readFileSync(new URL('../../../generated/openapi.json', import.meta.url), 'utf8'),
) as Document

async function routers(definition: Document): Promise<{ original: Router; precompiled: Router }> {
  const make = async () => {
    const backend = new OpenAPIBackend({ definition, quick: true, validate: false, ignoreTrailingSlashes: false })
    await backend.init()
    return backend.router
  }
  const precompiled = await make()
  precompileRouter(precompiled)
  return { original: await make(), precompiled }
}

/** What a router makes of a request: an operation, `404` or `405`, with and without `strict`. */
function outcome(router: Router, method: string, path: string): string {
  const request = { method, path, headers: {} }
  const lenient = router.matchOperation(request)?.operationId ?? 'nothing'
  try {
    return `${router.matchOperation(request, true).operationId}, leniently ${lenient}`
  } catch (error) {
    return `${(error as Error).message.slice(0, 3)}, leniently ${lenient}`
  }
}

function document(paths: Readonly<Record<string, readonly string[]>>): Document {
  const operation = (path: string, method: string) => ({ operationId: `${method} ${path}`, responses: {} })
  const items = Object.entries(paths).map(([path, methods]) => [
    path,
    Object.fromEntries(methods.map((method) => [method, operation(path, method)])),
  ])
  return { openapi: '3.0.3', info: { title: 'paths', version: '1' }, paths: Object.fromEntries(items) } as Document
}

const contractPaths = Object.keys(contract.paths ?? {})
const value = fc.oneof(
  fc.constantFrom('a', '1', 'btc25_3', '..', '.', '%2f', '..%2fetc', '%00', '{dataset_id}', 'ohlcv', 'append', 'async'),
  fc.constantFrom('runs', 'import', '', ' ', '%E0%A4%A', '+', '$&', 'a.b', '(', '\\', '\u{1f4c8}', 'x'.repeat(300)),
  fc.string(),
)

/** A declared path with its templates filled in, and then perhaps spoiled. */
const declared = fc
  .tuple(fc.constantFrom(...contractPaths), fc.array(value, { minLength: 2, maxLength: 2 }))
  .map(([template, values]) => {
    let i = 0
    return template.replace(/\{[^}]+\}/g, () => values[i++ % 2] as string)
  })
const spoiled = fc
  .tuple(
    declared,
    fc.constantFrom(
      (path: string) => path,
      (path: string) => `${path}/`,
      (path: string) => path.replace('/', '//'),
      (path: string) => path.replace(/\/(?=[^/]*$)/, '//'),
      (path: string) => path.toUpperCase(),
      (path: string) => path.replace('a', '%61'),
      (path: string) => path.slice(1),
      (path: string) => `${path}?timeout=3`,
      (path: string) => `${path}%20`,
      (path: string) => ` ${path} `,
      (path: string) => path.replace('.', 'x'),
      (path: string) => path.slice(0, -1),
    ),
  )
  .map(([path, spoil]) => spoil(path))
const anyPath = fc.oneof(
  spoiled,
  fc.array(value, { maxLength: 6 }).map((parts) => `/${parts.join('/')}`),
  fc.string(),
)
const anyMethod = fc.oneof(fc.constantFrom(...METHODS, 'GET', 'Post', 'CONNECT', ''), fc.string())

test('every operation of the contract is found at its own path, and nothing else is there', async () => {
  const { original, precompiled } = await routers(contract)
  for (const template of contractPaths) {
    for (const method of METHODS) {
      for (const path of [template, template.replace(/\{[^}]+\}/g, 'some_id')]) {
        assert.is(outcome(precompiled, method, path), outcome(original, method, path), `${method} ${path}`)
      }
    }
  }
  assert.is(outcome(precompiled, 'get', '/healthz'), 'healthz, leniently healthz')
  assert.is(outcome(precompiled, 'POST', '/api/questdb/import'), 'importFrame, leniently importFrame')
  assert.is(outcome(precompiled, 'get', '/api/runs/8620f8da'), 'getRun, leniently getRun')
  assert.is(outcome(precompiled, 'put', '/api/runs/8620f8da'), '405, leniently nothing')
  assert.is(outcome(precompiled, 'get', '/api/runs/'), '404, leniently nothing')
})

test('any path and method that a client may invent ends as with the original router', async () => {
  const { original, precompiled } = await routers(contract)
  fc.assert(
    fc.property(anyMethod, anyPath, (method, path) => {
      assert.is(outcome(precompiled, method, path), outcome(original, method, path))
    }),
    { numRuns: 700 },
  )
})

test('in any contract that may come, overlapping paths are told apart as by the original router', async () => {
  const segment = fc.constantFrom('a', 'b', 'a.b', 'ab', '{x}', '{long_name}', 'a{x}', '{x}.csv', '{x}-{y}')
  const template = fc.array(segment, { minLength: 1, maxLength: 4 }).map((parts) => `/${parts.join('/')}`)
  const paths = fc.dictionary(template, fc.subarray([...METHODS], { minLength: 1 }), { minKeys: 1, maxKeys: 8 })
  const concrete = fc
    .array(fc.constantFrom('a', 'b', 'a.b', 'ab', 'axb', 'x.csv', 'a-b', 'z', ''), { minLength: 1, maxLength: 5 })
    .map((parts) => `/${parts.join('/')}`)
  const requests = fc.array(fc.tuple(fc.constantFrom(...METHODS), concrete), { minLength: 20, maxLength: 20 })
  await fc.assert(
    fc.asyncProperty(paths, requests, async (declaredPaths, asked) => {
      const { original, precompiled } = await routers(document(declaredPaths))
      for (const [method, path] of asked) {
        assert.is(outcome(precompiled, method, path), outcome(original, method, path), `${method} ${path}`)
      }
      for (const path of Object.keys(declaredPaths)) {
        for (const method of METHODS)
          assert.is(outcome(precompiled, method, path), outcome(original, method, path), `${method} ${path}`)
      }
    }),
    { numRuns: 60 },
  )
})

test('an exact path wins over a template, and a method that only the template has is still found there', async () => {
  const { precompiled } = await routers(document({ '/runs/{id}': ['get', 'delete'], '/runs/latest': ['get'] }))
  assert.is(precompiled.matchOperation({ method: 'get', path: '/runs/latest', headers: {} })?.path, '/runs/latest')
  assert.is(precompiled.matchOperation({ method: 'delete', path: '/runs/latest', headers: {} })?.path, '/runs/{id}')
})

test('operations are found by their id, as with the original router', async () => {
  const { original, precompiled } = await routers(contract)
  const known = original.getOperations()
  assert.equal(
    precompiled.getOperations().map((operation) => operation.operationId),
    known.map((operation) => operation.operationId),
  )
  for (const { operationId } of known) {
    assert.equal(precompiled.getOperation(operationId as string), original.getOperation(operationId as string))
  }
  assert.is(precompiled.getOperation('deleteEverything'), undefined)
})

test('a wrong method is told which ones there are, those of every path that fits', async () => {
  const { precompiled } = await routers(
    document({ '/runs/{id}': ['get', 'delete'], '/runs/latest': ['get', 'put'], '/a.b': ['post'] }),
  )
  assert.equal(allowedMethods(precompiled, '/runs/latest'), ['DELETE', 'GET', 'PUT'])
  assert.equal(allowedMethods(precompiled, '/runs/7'), ['DELETE', 'GET'])
  assert.equal(allowedMethods(precompiled, '/axb'), [])
  assert.equal(allowedMethods(precompiled, '/nowhere'), [])
})

test.run()
