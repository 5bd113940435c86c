/**
 * Every bound that the contract sets on a text, a number or a list in a query or a body, at the bound and one beyond: what fits is not
 * refused for it, what does not is refused by its name.
 */
import { readFileSync } from 'node:fs'
import * as assert from 'uvu/assert'
import { type Received, SHARED_SECRET, startServer, TestClient } from '../support/server.js'
import { test } from '../support/test.js'
import { MATRIX } from './matrix.js'

interface Schema {
  readonly $ref?: string
  readonly type?: string
  readonly format?: string
  readonly enum?: readonly unknown[]
  readonly maxLength?: number
  readonly maximum?: number
  readonly maxItems?: number
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly allOf?: readonly Schema[]
}

interface Operation {
  readonly operationId: keyof typeof MATRIX
  readonly parameters?: readonly { readonly $ref?: string; in: string; name: string; schema: Schema }[]
  readonly requestBody?: { content: Record<string, { schema: Schema; example?: Record<string, unknown> }> }
  readonly 'x-spooled'?: { readonly frame: readonly string[] }
}

const contract = JSON.parse(readFileSync(new URL('../../generated/openapi.json', import.meta.url), 'utf8')) as {
  paths: Record<string, Record<string, Operation>>
}
const resolve = <T extends { readonly $ref?: string }>(node: T): T =>
  node.$ref === undefined
    ? node
    : resolve(
        node.$ref
          .slice(2)
          .split('/')
          .reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], contract) as T,
      )
const operations = Object.values(contract.paths).flatMap((methods) =>
  Object.entries(methods).map(([method, operation]) => ({ ...operation, method: method.toUpperCase() })),
)

const server = await startServer({
  settings: {
    STAGE1_LIMITS_ADDRESS_PER_MINUTE: '1000000',
    STAGE1_LIMITS_TOKEN_PER_MINUTE: '1000000',
  },
})
test.after(() => server.stop())

const issued = await server.post('/api/auth/token', { secret: SHARED_SECRET, scopes: ['admin'] })
const admin = new TestClient(server.url, (issued.json as { token: string }).token)

/** More would be refused for the size of the body. */
const LONGEST = 100_000

/** A value at the bound and one beyond; undefined where the schema sets no bound that can be tried. */
function around({
  type,
  format,
  enum: among,
  maxLength,
  maximum,
  maxItems,
  items,
}: Schema): [unknown, unknown] | undefined {
  if (type === 'string' && maxLength !== undefined && maxLength <= LONGEST && !format && !among)
    return ['1'.repeat(maxLength), '1'.repeat(maxLength + 1)]
  if (type === 'integer' && maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER) return [maximum, maximum + 1]
  if (type === 'array' && maxItems !== undefined && maxItems <= 3 && items) {
    const [item] = items.enum ?? ['1']
    return [Array(maxItems).fill(item), Array(maxItems + 1).fill(item)]
  }
  return undefined
}

interface Place {
  /** Names of members; 0 for the first item of a list. */
  readonly place: readonly string[]
  readonly schema: Schema
}

/** Every member of a body, and those within it as deep as the contract describes them. */
function placesIn(body: Schema, above: readonly string[] = []): Place[] {
  const { properties = {}, items, allOf = [] } = resolve(body)
  const inside = Object.entries(items ? { 0: items } : properties).flatMap(([name, schema]) => {
    const place = [...above, name]
    return [{ place, schema: resolve(schema) }, ...placesIn(schema, place)]
  })
  return [...inside, ...allOf.flatMap((part) => placesIn(part, above))]
}

/** The body with this value at this place, on the way to which objects and lists are made where there are none. */
function withValue(body: unknown, [name, ...rest]: readonly string[], value: unknown): unknown {
  if (name === undefined) return value
  const before = body as Record<string, unknown> | undefined
  const within = withValue(before?.[name], rest, value)
  return name === '0' ? [within, ...(Array.isArray(body) ? body.slice(1) : [])] : { ...before, [name]: within }
}

interface Complaint {
  readonly in: string
  readonly pointer: string
  readonly expected: string
}

/** Whether the answer complains that this place holds too much. */
function tooMuch(answer: Received, where: string, pointer: string): boolean {
  const { details } = (answer.json ?? {}) as { details?: Complaint[] }
  if (!Array.isArray(details)) return false
  const there = details.filter((detail) => detail.in === where && detail.pointer === pointer)
  return there.some(({ expected }) => /must NOT have more than|must be <=/.test(expected))
}

let tried = 0

for (const { operationId, method, parameters = [], requestBody, 'x-spooled': spooled } of operations) {
  const bounded = parameters.map(resolve).filter((parameter) => parameter.in === 'query')
  const json = requestBody?.content['application/json']
  const ask = (path: string, body: unknown) =>
    admin.send(method, path, { ...(body === undefined ? {} : { json: body }), unchecked: true })

  test(`${operationId}: the bounds of its query and of its body hold`, async () => {
    const { path, json: body } = MATRIX[operationId]
    for (const { name, schema } of bounded) {
      const values = around(resolve(schema))
      if (!values) continue
      tried++
      const [plain = '', query = ''] = path.split('?')
      const [at, beyond] = values.map((value) => {
        const all = new URLSearchParams(query)
        all.set(name, String(value))
        return `${plain}?${all}`
      }) as [string, string]
      // A wait would take as long as it says.
      if (name !== 'wait') assert.not.ok(tooMuch(await ask(at, body), 'query', `/${name}`), `${name} at its bound`)
      const refused = await ask(beyond, body)
      assert.is(refused.status, 400, `${name} beyond its bound: ${refused.text}`)
      assert.ok(tooMuch(refused, 'query', `/${name}`), refused.text)
    }
    for (const { place, schema } of json?.example ? placesIn(json.schema) : []) {
      const values = spooled?.frame.includes(place[0] as string) ? undefined : around(schema)
      if (!values) continue
      tried++
      const pointer = `/${place.join('/')}`
      const [at, beyond] = values.map((value) => withValue(json?.example, place, value))
      assert.not.ok(tooMuch(await ask(path, at), 'body', pointer), `${pointer} at its bound`)
      const refused = await ask(path, beyond)
      assert.is(refused.status, 400, `${pointer} beyond its bound: ${refused.text}`)
      assert.ok(tooMuch(refused, 'body', pointer), refused.text)
    }
  })
}

test('the contract sets many bounds, and they were tried', () => {
  assert.ok(tried >= 170, `${tried}`)
})

test('a page holds as many rows as the contract allows, and not one more', async () => {
  const ids = Array.from({ length: 1001 }, (_, i) => `bound-${i}`)
  for (let i = 0; i < ids.length; i += 50)
    await Promise.all(ids.slice(i, i + 50).map((dataset_slug) => server.post('/api/datasets', { dataset_slug })))
  const page = (await server.get('/api/datasets?limit=1000')).json as {
    count: number
    has_more: boolean
    total: number
  }
  assert.equal([page.count, page.has_more], [1000, true])
  assert.ok(page.total >= 1001)
  assert.is((await server.get('/api/datasets?limit=1001')).status, 400)
})

test.run()
