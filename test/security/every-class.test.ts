/** The list of classes of bad input numbers them B1 to B38: each has a test here whose name begins with its number. */
import { readdirSync, readFileSync } from 'node:fs'
import * as assert from 'uvu/assert'
import { test } from '../support/test.js'

const FOLDER = new URL('.', import.meta.url)
const texts = readdirSync(FOLDER)
  .filter((name) => /\.test\.[jt]s$/.test(name))
  .map((name) => readFileSync(new URL(name, FOLDER), 'utf8'))

test('every class of bad input has a test', () => {
  const found = texts.flatMap((text) => [...text.matchAll(/^test\(.B(\d+): /gm)].map(([, n]) => Number(n)))
  const missing = Array.from({ length: 38 }, (_, i) => i + 1).filter((n) => !found.includes(n))
  assert.equal(missing, [])
})

test.run()
