/** Files that processes without a common folder share through an S3-compatible store. */
import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import * as assert from 'uvu/assert'
import { DomainError, type ErrorCode } from '../../../src/errors.js'
import { S3Files } from '../../../src/storage/s3-files.js'
import { startProxy } from '../../support/cutting-proxy.js'
import { eventually } from '../../support/eventually.js'
import { startS3Server } from '../../support/s3-server.js'
import { test } from '../../support/test.js'

const store = await startS3Server()
const proxy = await startProxy(store.url)
const base = mkdtempSync(join(tmpdir(), 'stage1-test-storage-'))
const { signal } = new AbortController()
const errors: unknown[] = []
const machines = { count: 0 }

test.after(async () => {
  await proxy.stop()
  await store.stop()
  rmSync(base, { recursive: true, force: true })
})

/** A process on a machine of its own. */
async function machine(bucket = store.bucket(), folder = join(base, `m${machines.count++}`)) {
  const files = new S3Files(bucket, 'test/', folder, (error) => errors.push(error))
  await files.start()
  const here = () => readdirSync(folder).flatMap((name) => readdirSync(join(folder, name)))
  return { files, folder, here }
}

function contentOf(bytes: Buffer) {
  return { bytes: bytes.length, digest: `sha-256=:${createHash('sha256').update(bytes).digest('base64')}:` }
}

async function failure(code: ErrorCode, action: Promise<unknown>): Promise<DomainError> {
  const outcome = await action.then(
    () => 'it succeeded',
    (error: unknown) => error,
  )
  if (outcome instanceof DomainError && outcome.code === code) return outcome
  throw outcome instanceof Error ? outcome : new Error(`no ${code}: ${outcome}`)
}

async function written(files: S3Files, name: string, bytes: Buffer) {
  writeFileSync(await files.create(name), bytes)
  await files.share(name, contentOf(bytes))
  return contentOf(bytes)
}

test('what one machine shares another one reads, bit for bit, and neither keeps a copy longer than it needs it', async () => {
  const [one, other] = [await machine(), await machine()]
  const bytes = randomBytes(3_000_000)
  const content = await written(one.files, 'a.body', bytes)
  await one.files.letGo('a.body')
  assert.equal(one.here(), [])
  const path = (await other.files.use('a.body', content, signal)) as string
  assert.ok(readFileSync(path).equals(bytes))
  assert.is(await other.files.use('a.body', content, signal), path, 'two runs read the same copy')
  await other.files.letGo('a.body')
  assert.equal(other.here(), ['a.body'])
  await other.files.letGo('a.body')
  assert.equal(other.here(), [])
  assert.ok((await store.keys()).includes('test/a.body'))
  await other.files.remove('a.body')
  await other.files.remove('a.body')
  assert.not((await store.keys()).includes('test/a.body'))
  assert.is(await one.files.use('a.body', content, signal), undefined)
  assert.equal(one.here(), [])
})

test('a file of several parts comes back whole, and in ranges', async () => {
  const { files } = await machine(store.bucket({ partBytes: 5 << 20 }))
  const bytes = randomBytes((12 << 20) + 7)
  const content = await written(files, 'parts.body', bytes)
  await files.letGo('parts.body')
  const path = (await files.use('parts.body', content, signal)) as string
  assert.ok(readFileSync(path).equals(bytes))
  await files.letGo('parts.body')
  const [start, end] = [(5 << 20) - 3, (10 << 20) + 11]
  assert.ok((await buffer(files.read('parts.body', start, end))).equals(bytes.subarray(start, end)))
  assert.is(await files.size('parts.body'), bytes.length)
  await files.remove('parts.body')
})

test('a file without a byte is shared like any other', async () => {
  const [one, other] = [await machine(), await machine()]
  const content = await written(one.files, 'empty.body', Buffer.alloc(0))
  assert.is(readFileSync((await other.files.use('empty.body', content, signal)) as string).length, 0)
  await one.files.remove('empty.body')
})

test('the store refuses a file that is not what its digest says, and nothing of it stays', async () => {
  const { files, here } = await machine()
  writeFileSync(await files.create('wrong.body'), 'sent')
  await failure('SPOOL_UNAVAILABLE', files.share('wrong.body', contentOf(Buffer.from('meant'))))
  await files.abandon('wrong.body')
  assert.equal(here(), [])
  assert.not((await store.keys()).includes('test/wrong.body'))
})

test('a copy that is not what was shared is never used', async () => {
  const [one, other] = [await machine(), await machine()]
  await written(one.files, 'bent.body', Buffer.from('what the store has'))
  const meant = contentOf(Buffer.from('what one remembers'))
  await failure('SPOOL_UNAVAILABLE', other.files.use('bent.body', meant, signal))
  assert.equal(other.here(), [])
  assert.is(await other.files.use('bent.body', { ...meant, bytes: 1 }, signal), undefined)
  await one.files.remove('bent.body')
})

test('a file that its request gives up is gone everywhere; one that was never shared asks nothing of the store', async () => {
  const [one, off] = [await machine(), await machine(store.bucket({ url: 'http://127.0.0.1:1' }))]
  await written(one.files, 'given-up.body', Buffer.from('x'))
  await one.files.abandon('given-up.body')
  assert.equal(one.here(), [])
  assert.not((await store.keys()).includes('test/given-up.body'))
  const before = errors.length
  writeFileSync(await off.files.create('local.body'), 'x')
  await off.files.abandon('local.body')
  assert.equal(off.here(), [])
  assert.is(errors.length, before)
})

test('a store that is away, hangs, or has no such bucket is told as such, and nothing is lost when it is back', async () => {
  const far = await machine(store.bucket({ url: proxy.url }))
  const bytes = randomBytes(200_000)
  const content = contentOf(bytes)
  writeFileSync(await far.files.create('late.body'), bytes)
  await proxy.cut()
  await failure('SPOOL_UNAVAILABLE', far.files.share('late.body', content))
  await failure('SPOOL_UNAVAILABLE', far.files.size('late.body'))
  await proxy.restore()
  proxy.freeze()
  await failure('SPOOL_UNAVAILABLE', far.files.share('late.body', content))
  await proxy.restore()
  await far.files.share('late.body', content)
  await far.files.letGo('late.body')
  assert.ok((await buffer(far.files.read('late.body', 0, bytes.length))).equals(bytes))
  await far.files.remove('late.body')
  const nowhere = await machine(store.bucket({ name: 'nowhere' }))
  assert.match(String((errors.at(-1) as Error).cause), /NotFound/)
  writeFileSync(await nowhere.files.create('x.body'), 'x')
  const { message } = await failure('SPOOL_UNAVAILABLE', nowhere.files.share('x.body', contentOf(Buffer.from('x'))))
  assert.match(message, /NoSuchBucket/)
})

test('a download goes on where its connection to the store broke', async () => {
  const { files } = await machine(store.bucket({ url: proxy.url }))
  const bytes = randomBytes(20 << 20)
  await written(files, 'broken.body', bytes)
  await files.letGo('broken.body')
  const pieces: Buffer[] = []
  let cuts = 0
  for await (const chunk of files.read('broken.body', 0, bytes.length)) {
    pieces.push(chunk as Buffer)
    if (pieces.length % 100 !== 50 || cuts === 2) continue
    cuts++
    await proxy.cut()
    await proxy.restore()
  }
  assert.is(cuts, 2)
  assert.ok(Buffer.concat(pieces).equals(bytes))
  await files.remove('broken.body')
})

test('who leaves a download in its middle, or a job that is cancelled while it fetches, leaves nothing behind', async () => {
  const [one, other] = [await machine(), await machine(store.bucket({ url: proxy.url }))]
  const content = await written(one.files, 'long.body', randomBytes(20 << 20))
  const stream = one.files.read('long.body', 0, content.bytes)
  await new Promise((resolve) => stream.once('data', resolve))
  stream.destroy()
  const cancelled = new AbortController()
  const fetching = other.files.use('long.body', content, cancelled.signal)
  await eventually('bytes come', () => other.here().length > 0)
  proxy.freeze()
  cancelled.abort(new DomainError('JOB_CANCELLED', 'the job was cancelled'))
  await failure('JOB_CANCELLED', fetching)
  await proxy.restore()
  assert.equal(other.here(), [])
  await one.files.remove('long.body')
})

test('the sweep removes old objects that nobody remembers, and the folders of processes that died', async () => {
  const { files, folder, here } = await machine()
  for (const name of ['kept.body', 'forgotten.body', 'new.body']) await written(files, name, Buffer.from(name))
  await files.sweep(new Set())
  assert.is((await store.keys()).length, 3, 'what is new may belong to a request')
  const later = Date.now() + 3 * 3600 * 1000
  const { now } = Date
  Date.now = () => later
  try {
    await files.sweep(new Set(['kept.body', 'new.body']))
  } finally {
    Date.now = now
  }
  assert.equal((await store.keys()).sort(), ['test/kept.body', 'test/new.body'])
  const dead = join(folder, 'dead.process')
  mkdirSync(dead)
  writeFileSync(join(dead, 'left.body'), 'x')
  await files.sweepHere()
  assert.ok(here().includes('left.body'))
  utimesSync(dead, 0, 0)
  await files.sweepHere()
  assert.not(here().includes('left.body'))
  assert.ok(here().includes('kept.body'))
  await files.stop()
  assert.equal(readdirSync(folder), [])
})

test.run()
