/** Where bodies wait until they are loaded. */
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import * as assert from 'uvu/assert'
import { DomainError, type ErrorCode } from '../../../src/errors.js'
import { FolderFiles } from '../../../src/storage/folder-files.js'
import { BODY, Spool } from '../../../src/transfers/spool.js'
import { test } from '../../support/test.js'

const base = mkdtempSync(join(tmpdir(), 'stage1-test-spool-'))
const spools = { count: 0 }
const run = { signal: new AbortController().signal, defer() {} }

test.after(() => rmSync(base, { recursive: true, force: true }))

async function openSpool() {
  const folder = join(base, `${spools.count++}`, 'deep')
  const kept = new FolderFiles(folder, BODY)
  // Makes the folder, as the first body does.
  await kept.create('none')
  return { spool: new Spool(kept), folder, files: () => readdirSync(folder) }
}

type ReceiveOptions = Parameters<Spool['receive']>[1]

function options(more: Partial<ReceiveOptions> = {}): ReceiveOptions {
  const signal = new AbortController().signal
  return {
    media: 'text/csv',
    frameMembers: [],
    maxBytes: 1_000_000,
    maxHeadBytes: 1_000,
    maxHeadValues: 1_000,
    signal,
    ...more,
  }
}

async function failure(code: ErrorCode, action: Promise<unknown>): Promise<DomainError> {
  const outcome = await action.then(
    () => 'it succeeded',
    (error: unknown) => error,
  )
  if (outcome instanceof DomainError && outcome.code === code) return outcome
  throw outcome instanceof Error ? outcome : new Error(`no ${code}: ${outcome}`)
}

const inPieces = (...pieces: string[]) => Readable.from(pieces.map((piece) => Buffer.from(piece)))

test('a body lies in a file of its own as it came, counted and digested, readable by its owner only', async () => {
  const { spool, folder } = await openSpool()
  const { spooled, head } = await spool.receive(inPieces('timestamp,x\n', '17328', '31200,1\n'), options())
  const text = 'timestamp,x\n1732831200,1\n'
  assert.is(readFileSync(spooled.path, 'utf8'), text)
  assert.is(spooled.bytes, text.length)
  assert.is(spooled.digest, `sha-256=:${createHash('sha256').update(text).digest('base64')}:`)
  assert.is(spooled.media, 'text/csv')
  assert.is(head, undefined)
  assert.is(statSync(spooled.path).mode & 0o777, 0o600)
  assert.is(statSync(folder).mode & 0o777, 0o700)
})

test('of a JSON body the small members come back, and the place of the large one', async () => {
  const { spool } = await openSpool()
  const body = '{"measurement":"bars","data":"timestamp,x\\n1,2\\n","filename":"b.csv"}'
  const { spooled, head } = await spool.receive(
    inPieces(body.slice(0, 30), body.slice(30)),
    options({ media: 'application/json', frameMembers: ['data'] }),
  )
  assert.equal(head, { measurement: 'bars', filename: 'b.csv' })
  const data = spooled.members.get('data')
  assert.is(data?.kind, 'string')
  assert.is(
    readFileSync(spooled.path, 'utf8').slice(data?.start, data?.end).replaceAll('"', ''),
    'timestamp,x\\n1,2\\n',
  )
  assert.equal(await spool.readHead(spooled), head)
})

test('a body over the limit is refused where it crosses it, and nothing is left', async () => {
  const { spool, files } = await openSpool()
  const endless = Readable.from(
    (function* () {
      for (;;) yield Buffer.alloc(64 * 1024)
    })(),
  )
  const error = await failure('BODY_TOO_LARGE', spool.receive(endless, options()))
  assert.equal(error.details, { limit: 1_000_000 })
  assert.equal(files(), [])
  const exact = await spool.receive(Readable.from([Buffer.alloc(1_000_000)]), options())
  assert.is(exact.spooled.bytes, 1_000_000)
})

test('small members that are not small are refused, and so is what is no JSON', async () => {
  const { spool, files } = await openSpool()
  const json = options({ media: 'application/json', frameMembers: ['rows'] })
  await failure('BODY_TOO_LARGE', spool.receive(inPieces(`{"name":"${'x'.repeat(2_000)}","rows":[]}`), json))
  await failure('JSON_MALFORMED', spool.receive(inPieces('{"rows":[1,2'), json))
  await failure('JSON_MALFORMED', spool.receive(inPieces('{"rows":[]} x'), json))
  assert.equal(files(), [])
})

test('time that is up ends the upload with its reason, and nothing is left', async () => {
  const { spool, files } = await openSpool()
  const abort = new AbortController()
  const upload = new PassThrough()
  upload.write('timestamp,x\n')
  const receiving = failure('TIME_LIMIT', spool.receive(upload, options({ signal: abort.signal })))
  await sleep(20)
  assert.is(files().length, 1)
  abort.abort(new DomainError('TIME_LIMIT', 'time is up'))
  await receiving
  assert.not.ok(upload.destroyed, 'its client is still to be answered')
  assert.equal(files(), [])
})

test('a client that leaves in the middle leaves nothing behind', async () => {
  const { spool, files } = await openSpool()
  const upload = new PassThrough()
  upload.write('timestamp,x\n')
  const receiving = failure('CANCELLED', spool.receive(upload, options()))
  await sleep(20)
  upload.destroy(Object.assign(new Error('aborted'), { code: 'ECONNRESET' }))
  await receiving
  assert.equal(files(), [])
})

test('a request removes its body, unless a job has taken it over; then the job does', async () => {
  const { spool, files } = await openSpool()
  const { spooled: kept } = await spool.receive(inPieces('kept'), options())
  const { spooled: dropped } = await spool.receive(inPieces('dropped'), options())
  const ticket = await spool.ticket(kept)
  spool.adopt(kept)
  await spool.release(kept)
  await spool.release(dropped)
  assert.equal(files(), [ticket.file])
  assert.not(ticket.file.includes('/'), 'a ticket tells nothing of this machine')
  await spool.discard(ticket)
  await spool.discard(ticket)
  assert.equal(files(), [])
})

test('a job gets its body back from its ticket, also after a restart in another folder', async () => {
  const { spool, folder } = await openSpool()
  const { spooled } = await spool.receive(
    inPieces('{"rows":[1]}'),
    options({ media: 'application/json', frameMembers: ['rows'] }),
  )
  const ticket = JSON.parse(JSON.stringify(await spool.ticket(spooled)))
  const again = await new Spool(new FolderFiles(folder, BODY)).redeem(ticket, run)
  assert.equal({ ...spooled, file: ticket.file }, again)
  writeFileSync(spooled.path, 'other')
  await failure('SPOOL_UNAVAILABLE', spool.redeem(ticket, run))
  rmSync(spooled.path)
  assert.match((await failure('SPOOL_UNAVAILABLE', spool.redeem(ticket, run))).message, /not in the spool/)
})

test('the sweep removes only what is old and belongs to no job', async () => {
  const { spool, folder, files } = await openSpool()
  const age = (name: string, hours: number) => {
    writeFileSync(join(folder, name), '')
    const then = Date.now() / 1000 - hours * 3600
    utimesSync(join(folder, name), then, then)
  }
  age('abandoned.body', 3)
  age('uploading.body', 1)
  age('job.body', 30)
  age('notes.txt', 30)
  await spool.sweep(new Set(['job.body']))
  assert.equal(files().sort(), ['job.body', 'notes.txt', 'uploading.body'])
})

test('two uploads at the same time do not meet', async () => {
  const { spool, files } = await openSpool()
  const bodies = Array.from({ length: 20 }, (_, i) => String(i).repeat(50_000))
  const received = await Promise.all(bodies.map((body) => spool.receive(inPieces(body), options())))
  received.forEach(({ spooled }, i) => {
    assert.is(readFileSync(spooled.path, 'utf8'), bodies[i])
    assert.ok(existsSync(spooled.path))
  })
  assert.is(files().length, 20)
})

test.run()
