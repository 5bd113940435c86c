/** The digest that tells one content of a record from another. */
import { createHash } from 'node:crypto'
import * as assert from 'uvu/assert'
import { contentDigest } from '../../../src/records/digest.js'
import { test } from '../../support/test.js'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const many = <T>(make: (i: number) => T) => Array.from({ length: 20_000 }, (_, i) => make(i))

test('the order of names does not count, that of items does', async () => {
  assert.is(await contentDigest({ b: 1, a: [{ d: 2, c: 3 }] }), sha256('{"a":[{"c":3,"d":2}],"b":1}'))
  assert.is.not(await contentDigest([1, 2]), await contentDigest([2, 1]))
})

test('a large record has the digest of its text, as a small one has', async () => {
  const at = new Date(0)
  const folds = many((i) => ({ z: i, a: { y: [i, null], b: 'text' }, left: undefined }))
  const text = many((i) => `{"a":{"b":"text","y":[${i},null]},"z":${i}}`).join()
  const names = many((i) => [`n${String(i).padStart(5, '0')}`, i] as const)
  const record = { folds, at, none: undefined, deep: { list: [many(() => 1), [undefined]] } }
  const rest = `"deep":{"list":[[${many(() => 1).join()}],[null]]},"folds":[${text}]}`
  assert.is(await contentDigest(record), sha256(`{"at":"1970-01-01T00:00:00.000Z",${rest}`))
  const named = names.map(([name, i]) => `"${name}":${i}`).join()
  assert.is(await contentDigest(Object.fromEntries(names.reverse())), sha256(`{${named}}`))
})

test.run()
