/** Chunks in files: what is acknowledged is whole, however the disk takes it. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import * as assert from 'uvu/assert'
import { BatchedFile, writeWhole } from '../../../src/frames/batched-file.js'
import { test } from '../../support/test.js'

const folder = mkdtempSync(join(tmpdir(), 'stage1-test-batched-'))
test.after(() => rmSync(folder, { recursive: true, force: true }))

/** A file that takes at most `most` bytes a call, as a disk that fills up does, and fails once it has `room` of them. */
function grudging({ most = Number.MAX_SAFE_INTEGER, room = Number.MAX_SAFE_INTEGER }) {
  const taken: Buffer[] = []
  let size = 0
  const handle = {
    writev: async (pieces: Uint8Array[]) => {
      const bytes = Buffer.concat(pieces).subarray(0, Math.min(most, room - size))
      if (bytes.length === 0) throw new Error('ENOSPC: no space left on device')
      taken.push(bytes)
      size += bytes.length
      return { bytesWritten: bytes.length, buffers: pieces }
    },
  }
  return { handle: handle as unknown as FileHandle, content: () => Buffer.concat(taken) }
}

test('chunks of any size lie in the file in their order', async () => {
  const path = join(folder, 'chunks')
  for (const [size, count] of [
    [1, 2500],
    [700_000, 5],
    [0, 3],
    [1024 * 1024, 2],
  ] as const) {
    const chunks = Array.from({ length: count }, (_, n) => Buffer.alloc(size, n))
    const file = await open(path, 'w')
    const batched = new BatchedFile(file)
    for (const chunk of chunks) await batched.write(chunk)
    await batched.end()
    await file.close()
    assert.ok(readFileSync(path).equals(Buffer.concat(chunks)), `${count} of ${size} bytes`)
  }
})

test('a disk that takes a part at a time is given the rest', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({ maxLength: 20 })),
      fc.integer({ min: 1, max: 50 }),
      async (pieces, most) => {
        const { handle, content } = grudging({ most })
        await writeWhole(handle, pieces)
        assert.ok(content().equals(Buffer.concat(pieces)))
      },
    ),
  )
})

test('a disk that is full is told of, by the next chunk or at the end', async () => {
  const chunk = Buffer.alloc(1024 * 1024)
  const failed = (work: Promise<void>) =>
    work.then(
      () => undefined,
      (error: Error) => error.message,
    )
  const early = new BatchedFile(grudging({ room: 1000 }).handle)
  await early.write(chunk)
  assert.match((await failed(early.write(chunk))) ?? '', /ENOSPC/)
  await early.settle()
  const late = new BatchedFile(grudging({ room: 1000 }).handle)
  await late.write(chunk)
  assert.match((await failed(late.end())) ?? '', /ENOSPC/)
})

test.run()
