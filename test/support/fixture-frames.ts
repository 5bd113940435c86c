/** The frame that fixtures/frames holds in many forms, and what damage to any of them may do. */
import fc from 'fast-check'
import * as assert from 'uvu/assert'
import { DomainError } from '../../src/errors.js'
import type { ColumnBatch } from '../../src/frames/batch.js'
import type { FrameSource } from '../../src/frames/open.js'
import { cellsOf, decodeBytes, timesOf } from './batches.js'

const ROWS = 300
const FIRST = Date.UTC(2024, 0, 1)

/** Every cell is as the fixtures were made. */
export function assertFixtureFrame(batches: readonly ColumnBatch[]): void {
  const rows = Array.from({ length: ROWS }, (_, i) => i)
  assert.equal(
    timesOf(batches),
    rows.map((i) => (FIRST + i * 60_000) * 1000),
  )
  const expected: Record<string, (i: number) => unknown> = {
    close: (i) => (i % 7 === 0 ? undefined : i / 3),
    n: (i) => (i % 11 === 0 ? undefined : 2n ** 62n + BigInt(i)),
    up: (i) => (i % 5 === 0 ? undefined : Number(i % 2 === 0)),
    note: (i) => (i % 6 === 0 ? undefined : ('é'.repeat(i % 4) + String(i)).repeat(1 + (i % 3))),
    side: (i) => (i % 9 === 0 ? undefined : ['long', 'short', 'flat'][i % 3]),
    at: (i) => BigInt(FIRST) * 1000n + BigInt(Math.floor(i / 1000)),
    day: (i) => BigInt(FIRST + i * 86_400_000) * 1000n,
  }
  for (const [name, cell] of Object.entries(expected)) assert.equal(cellsOf(batches, name), rows.map(cell), name)
}

/** With a few bytes flipped at random, or cut, the frame is read or refused, soon. */
export async function assertHarmless(format: FrameSource['format'], bytes: Uint8Array, runs: number): Promise<void> {
  const flips = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 })), {
    minLength: 1,
    maxLength: 4,
  })
  const end = fc.oneof(
    { weight: 4, arbitrary: fc.constant(bytes.length) },
    { weight: 1, arbitrary: fc.nat(bytes.length) },
  )
  await fc.assert(
    fc.asyncProperty(flips, end, async (flips, end) => {
      const wrong = Uint8Array.from(bytes)
      for (const [at, by] of flips) wrong[at] = (wrong[at] as number) ^ by
      const startedAt = performance.now()
      try {
        await decodeBytes(format, wrong.subarray(0, end))
      } catch (error) {
        if (!(error instanceof DomainError)) throw new Error(`not a refusal: ${(error as Error).stack}`)
      }
      const took = performance.now() - startedAt
      assert.ok(took < 20_000, `took ${took} ms`)
    }),
    { numRuns: runs },
  )
}
