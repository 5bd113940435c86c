/**
 * The notes on the two clients number the points on which clients and documents disagree (A3 #1 to #47, each with the answer
 * that satisfies all) and what their users complained of (pain 1 to 63). Each of those that this API can answer has a test
 * here whose name begins with its number; pains 33 to 36 and 44 to 55 are wishes about operation and about other servers.
 */
import { readdirSync, readFileSync } from 'node:fs'
import * as assert from 'uvu/assert'
import { test } from '../support/test.js'

const FOLDER = new URL('.', import.meta.url)
const texts = readdirSync(FOLDER)
  .filter((name) => /\.test\.[jt]s$/.test(name))
  .map((name) => readFileSync(new URL(name, FOLDER), 'utf8'))

function named(kind: string): number[] {
  return texts.flatMap((text) =>
    [...text.matchAll(new RegExp(`^test\\(.?${kind}(\\d+): `, 'gm'))].map(([, n]) => Number(n)),
  )
}

const upTo = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, i) => first + i)
const sorted = (numbers: number[]) => [...numbers].sort((a, b) => a - b)

test('every rule has one test', () => {
  assert.equal(sorted(named('A3 #')), upTo(1, 47))
})

test('every pain has one test', () => {
  const pains = [...upTo(1, 32), ...upTo(37, 43), ...upTo(56, 63)]
  assert.equal(sorted(named('pain ')), pains)
})

test.run()
