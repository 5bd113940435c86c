/** Two servers are replaced in turn, over and over, while clients send a hundred requests for each of LOOPS, and listen. */
import * as assert from 'node:assert/strict'
import { rollingRestart } from '../support/rolling-restart.js'
import { LOOPS } from './scene.js'

const counts = await rollingRestart(LOOPS * 100)
const { requests, restarts, passedOn, saved, events, heard } = counts
console.log(
  `  ${requests} requests over ${restarts} restarts, ${passedOn} of them passed on to the other server: ${counts.failed.length} failed`,
)
console.log(
  `  ${saved} saves acknowledged, ${counts.stored} stored; ${events.length} events, heard by ${heard.length} listeners`,
)
assert.deepEqual(counts.failed, [])
assert.ok(counts.ends.every(({ code }) => code === 0))
assert.equal(counts.stored, saved)
for (const numbers of heard) assert.deepEqual(numbers, events)
