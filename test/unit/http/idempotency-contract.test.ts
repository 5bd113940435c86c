/** Every POST of the contract takes an Idempotency-Key, and says whether it is replayed. */
import { readFileSync } from 'node:fs'
import * as assert from 'uvu/assert'
import { test } from '../../support/test.js'

interface Parameter {
  readonly name: string
  readonly 'x-replayed'?: boolean
}
interface Operation {
  readonly operationId: string
  readonly parameters?: readonly ({ readonly $ref: string } | Parameter)[]
  readonly responses: Record<string, { readonly content?: object; readonly headers?: object }>
}

const contract = JSON.parse(readFileSync(new URL('../../../generated/openapi.json', import.meta.url), 'utf8')) as {
  paths: Record<string, Record<string, Operation>>
  components: { parameters: Record<string, Parameter> }
}

const posts = Object.values(contract.paths).flatMap(({ post }) => (post ? [post] : []))

function keyOf({ parameters = [] }: Operation): Parameter | undefined {
  const named = parameters.map((parameter) =>
    '$ref' in parameter ? contract.components.parameters[parameter.$ref.split('/').at(-1) as string] : parameter,
  )
  return named.find((parameter) => parameter?.name === 'Idempotency-Key')
}

test('no POST is without the header', () => {
  assert.ok(posts.length > 10)
  assert.equal(
    posts.filter((post) => !keyOf(post)).map(({ operationId }) => operationId),
    [],
  )
})

test('the key is without effect only where nothing is changed, and where a secret is answered', () => {
  const unused = posts.filter((post) => !keyOf(post)?.['x-replayed']).map(({ operationId }) => operationId)
  assert.equal(unused.sort(), ['createStreamTicket', 'exportFrame', 'issueToken', 'query', 'rotateToken'])
})

test('what is replayed answers JSON alone, says that it is a replay, and may answer 409 and 422', () => {
  for (const { operationId, responses } of posts.filter((post) => keyOf(post)?.['x-replayed'])) {
    for (const status of ['409', '422']) assert.ok(responses[status], `${operationId} ${status}`)
    for (const [status, { content, headers }] of Object.entries(responses)) {
      if (!status.startsWith('2')) continue
      assert.equal(Object.keys(content ?? {}), ['application/json'], operationId)
      assert.ok('Idempotency-Replayed' in (headers ?? {}), operationId)
    }
  }
})

test.run()
