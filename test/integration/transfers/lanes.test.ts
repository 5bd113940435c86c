/** Both ways of rows into QuestDB, as files in a shared folder and as line protocol: the same values, the same refusals. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { DomainError } from '../../../src/errors.js'
import type { Column, ColumnBatch } from '../../../src/frames/batch.js'
import { ParquetWriter } from '../../../src/frames/parquet-writer.js'
import { QuestDbClient } from '../../../src/questdb/client.js'
import { FrameColumns } from '../../../src/transfers/frame-columns.js'
import { LineLane } from '../../../src/transfers/line-lane.js'
import { load } from '../../../src/transfers/load.js'
import type { LoadContext } from '../../../src/transfers/load-context.js'
import type { LoadPlan } from '../../../src/transfers/load-plan.js'
import { Relay } from '../../../src/transfers/relay.js'
import { sweepRelayFiles } from '../../../src/transfers/relay-file.js'
import { StagingTable } from '../../../src/transfers/staging-table.js'
import { startProxy } from '../../support/cutting-proxy.js'
import { ownEngines } from '../../support/engines.js'
import { rowCount, storedRows } from '../../support/imports.js'
import { test } from '../../support/test.js'

const shared = process.env.STAGE1_QUESTDB_IMPORT_DIR as string
const engines = await ownEngines()
const { questdb, questdbUrl, prefix } = engines
const folder = mkdtempSync(join(tmpdir(), 'stage1-lanes-'))
test.after(async () => {
  await client.close()
  await engines.release()
  rmSync(own, { recursive: true })
  rmSync(folder, { recursive: true })
})

/** A part of the folder for this file alone, since other tests leave files as well; QuestDB reads from there for this client. */
const own = join(shared, prefix)
mkdirSync(own)

class OwnFolderClient extends QuestDbClient {
  folder = prefix

  override exec(...[sql, options]: Parameters<QuestDbClient['exec']>): ReturnType<QuestDbClient['exec']> {
    return super.exec(sql.replace("read_parquet('", `read_parquet('${this.folder}/`), options)
  }
}

const client = new OwnFolderClient(questdbUrl)
const noFileStays = () => assert.equal(readdirSync(own), [])

const FIRST = 1_732_831_200_000_000n
const names = { count: 0 }

function planFor(more: Partial<LoadPlan> = {}): LoadPlan {
  const table = `${prefix}lane_${names.count++}`
  const keys = { dedupKeys: ['timestamp'], dedupKeysIfPresent: [] }
  const columns = { types: new Map(), otherwise: 'infer' as const, required: [], filled: [], renamed: new Map() }
  const source = { path: '', format: 'parquet' as const }
  return {
    source,
    target: `${table}_to`,
    stagingTable: table,
    mode: 'replace',
    partitionBy: 'DAY',
    ...keys,
    ...columns,
    ...more,
  }
}

function contextWith(more: Partial<LoadContext> = {}): LoadContext {
  const signal = new AbortController().signal
  return {
    client: questdb,
    questdbUrl,
    questdbTimeoutMs: 5_000,
    relay: undefined,
    signal,
    onProgress: () => {},
    beforeEffect: async () => {},
    ...more,
  }
}

function relayThrough(path: string, through: QuestDbClient = client) {
  const reasons: string[] = []
  return { relay: new Relay(path, through, (reason) => reasons.push(reason)), reasons }
}

function batchOf(firstRow: number, columns: Column[], rows = columns[0]?.values.length ?? 0, step = 1n): ColumnBatch {
  const timestamps = BigInt64Array.from({ length: rows }, (_, row) => FIRST + BigInt(firstRow + row) * step)
  return { rows, firstRow, timestamps, columns }
}

type LaneName = 'files' | 'lines'
const LANES: readonly LaneName[] = ['files', 'lines']

/** The staging table that the batches fill. */
async function filled(lane: LaneName, batches: readonly ColumnBatch[], more: Partial<LoadPlan> = {}): Promise<string> {
  const plan = planFor(more)
  const context = contextWith()
  const { relay } = relayThrough(own)
  const files = lane === 'files' ? await relay.laneTo(plan.stagingTable, context.signal) : undefined
  assert.is(files !== undefined, lane === 'files', 'QuestDB does not read from STAGE1_QUESTDB_IMPORT_DIR')
  const staging = new StagingTable(plan, context, files ?? new LineLane(plan, context))
  const columns = new FrameColumns(plan)
  try {
    for (const batch of batches) await staging.add(columns.take(batch))
    await staging.finish(columns)
  } finally {
    await staging.close()
  }
  return plan.stagingTable
}

const some = Uint8Array.of(1, 0, 1)

for (const lane of LANES) {
  test(`${lane}: every type of value, and every way of having none, is stored alike`, async () => {
    const table = await filled(lane, [
      batchOf(0, [
        { name: 'd', type: 'double', values: Float64Array.of(0.1, Number.NaN, -1e300), valid: some },
        { name: 'or_nan', type: 'double', values: Float64Array.of(1, Number.NaN, 2) },
        { name: 'n', type: 'long', values: BigInt64Array.of(2n ** 63n - 1n, 0n, -(2n ** 63n)), valid: some },
        { name: 'b', type: 'boolean', values: Uint8Array.of(1, 1, 0), valid: some },
        { name: 'v', type: 'varchar', values: ['', '', 'ünï "📈"\n'], valid: some },
        { name: 's', type: 'symbol', values: ['BTC', '', 'a b,c=d'], valid: some },
        { name: 'at', type: 'timestamp', values: BigInt64Array.of(FIRST, 0n, -5n), valid: some },
        { name: 'a=b größe', type: 'double', values: Float64Array.of(1, 2, 3) },
      ]),
    ])
    assert.equal(await storedRows(engines, table, 'd, or_nan, n, b, v, s, at, "a=b größe"'), [
      [0.1, 1, '9223372036854775807', true, '', 'BTC', '2024-11-28T22:00:00.000000Z', 1],
      [null, null, null, false, null, null, null, 2],
      [-1e300, 2, null, false, 'ünï "📈"\n', 'a b,c=d', '1969-12-31T23:59:59.999995Z', 3],
    ])
  })

  test(`${lane}: columns may come and go from batch to batch`, async () => {
    const one = (name: string, value: number): Column => ({ name, type: 'double', values: Float64Array.of(value) })
    const table = await filled(lane, [
      batchOf(0, [one('a', 1)]),
      batchOf(1, [one('b', 2), one('a', 3)]),
      batchOf(2, [{ name: 'c', type: 'varchar', values: ['late'] }]),
      batchOf(3, [one('A', 4)]),
    ])
    assert.equal(await storedRows(engines, table, 'a, b, c'), [
      [1, null, null],
      [3, 2, null],
      [null, null, 'late'],
      [4, null, null],
    ])
  })

  test(`${lane}: text that cannot be stored is refused with its row and column`, async () => {
    for (const text of ['a\0b', '\ud800']) {
      const batch = batchOf(7, [{ name: 'note', type: 'varchar', values: ['fine', text] }])
      const error = await filled(lane, [batch]).catch((reason: unknown) => reason)
      assert.instance(error, DomainError)
      assert.equal(
        [(error as DomainError).code, (error as DomainError).details],
        ['CELL_INVALID', { row: 8, column: 'note' }],
      )
    }
  })

  test(`${lane}: a table of 1 500 columns is filled`, async () => {
    const columns = Array.from({ length: 1500 }, (_, i): Column => {
      return { name: `indicator_number_${i}`, type: 'double', values: Float64Array.of(i) }
    })
    const table = await filled(lane, [batchOf(0, columns)])
    assert.equal(await storedRows(engines, table, 'indicator_number_0, indicator_number_1499'), [[0, 1499]])
  })
}

test('files: of two rows at the same time the later one stays, in one file and from file to file', async () => {
  const close = (values: number[]): Column => ({ name: 'close', type: 'double', values: Float64Array.from(values) })
  const volume: Column = { name: 'volume', type: 'double', values: Float64Array.of(9, 9) }
  // The new column begins another file.
  const table = await filled('files', [
    batchOf(0, [close([1, 2, 3])], 3, 0n),
    batchOf(0, [close([4, 5]), volume], 2, 0n),
  ])
  assert.equal(await storedRows(engines, table, 'close, volume'), [[5, 9]])
})

/** A frame of several files, as a Parquet file. */
async function largeFrame(): Promise<{ path: string; rows: number }> {
  const path = join(folder, 'frame.parquet')
  const rows = 60 * 10_000
  const file = await open(path, 'w')
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g']
  const writer = new ParquetWriter(
    file,
    'timestamp',
    names.map((name) => ({ name, type: 'double' })),
  )
  for (let from = 0; from < rows; from += 10_000) {
    const values = Float64Array.from({ length: 10_000 }, (_, row) => from + row + 0.5)
    await writer.write(
      batchOf(
        from,
        names.map((name) => ({ name, type: 'double', values })),
        10_000,
        1_000n,
      ),
    )
  }
  await writer.finish()
  await file.close()
  return { path, rows }
}

const frame = await largeFrame()
const framePlan = () => planFor({ source: { path: frame.path, format: 'parquet' } })

/** Runs when so many rows are read, once. */
function atRows(count: number, act: () => void): LoadContext['onProgress'] {
  let done = false
  return ({ rows }) => {
    if (done || rows < count) return
    done = true
    act()
  }
}

test('a frame of several files is loaded whole, and no file stays', async () => {
  const { relay, reasons } = relayThrough(own)
  const plan = framePlan()
  const loaded = await load(plan, contextWith({ relay }))
  assert.equal([loaded.rowsReceived, loaded.totalRows, loaded.place], [frame.rows, frame.rows, 'staging'])
  const sum = await questdb.exec(`SELECT sum(a), sum(g) FROM ${plan.stagingTable}`)
  const expected = (frame.rows * (frame.rows - 1)) / 2 + frame.rows / 2
  assert.equal(sum.dataset, [[expected, expected]])
  assert.equal(reasons, [])
  noFileStays()
})

test('a folder that QuestDB does not read from is said once, and frames go as lines', async () => {
  const apart = mkdtempSync(join(folder, 'apart-'))
  const { relay, reasons } = relayThrough(apart)
  for (const plan of [framePlan(), framePlan()]) {
    const { signal } = contextWith()
    assert.is(await relay.laneTo(plan.stagingTable, signal), undefined)
  }
  assert.is(reasons.length, 1)
  assert.match(reasons[0] ?? '', /file does not exist/)
  const plan = planFor({ source: { path: frame.path, format: 'parquet' } })
  assert.is((await load(plan, contextWith({ relay }))).totalRows, frame.rows)
  assert.equal(readdirSync(apart), [])
})

test('a folder that is not there is said, and frames go as lines', async () => {
  const { relay, reasons } = relayThrough(join(folder, 'nowhere'))
  assert.is(await relay.laneTo('any', contextWith().signal), undefined)
  assert.match(reasons.join(), /ENOENT/)
})

test('a folder that is lost in the middle of a load is said, and all rows are stored', async () => {
  const client = new OwnFolderClient(questdbUrl)
  try {
    const { relay, reasons } = relayThrough(own, client)
    const plan = framePlan()
    const onProgress = atRows(300_000, () => {
      client.folder = 'elsewhere'
    })
    const loaded = await load(plan, contextWith({ client, relay, onProgress }))
    assert.equal([loaded.rowsReceived, loaded.totalRows], [frame.rows, frame.rows])
    assert.is(reasons.length, 1)
    assert.match(reasons[0] ?? '', /file does not exist/)
    assert.is(await relay.laneTo('any', contextWith().signal), undefined)
    noFileStays()
  } finally {
    await client.close()
  }
})

test('a load that is cancelled midway ends with the reason and leaves no file', async () => {
  const { relay } = relayThrough(own)
  const cancelling = new AbortController()
  const onProgress = atRows(400_000, () => cancelling.abort(new DomainError('CANCELLED', 'enough')))
  const error = await load(framePlan(), contextWith({ relay, signal: cancelling.signal, onProgress })).catch(
    (e: unknown) => e,
  )
  assert.is((error as DomainError).code, 'CANCELLED')
  noFileStays()
})

test('QuestDB that is away for a moment while files are loaded costs time only', async () => {
  const proxy = await startProxy(questdbUrl)
  const client = new OwnFolderClient(proxy.url)
  try {
    const { relay, reasons } = relayThrough(own, client)
    const plan = framePlan()
    const onProgress = atRows(200_000, () => void proxy.cut().then(() => setTimeout(proxy.restore, 300)))
    const loaded = await load(plan, contextWith({ relay, client, questdbUrl: proxy.url, onProgress }))
    assert.equal([loaded.totalRows, reasons], [frame.rows, []])
    assert.is(await rowCount(engines, plan.stagingTable), frame.rows)
  } finally {
    await client.close()
    await proxy.stop()
  }
})

test('QuestDB that stays away ends the load with the time that it has, and no file is left', async () => {
  const proxy = await startProxy(questdbUrl)
  const client = new OwnFolderClient(proxy.url)
  try {
    const { relay } = relayThrough(own, client)
    const late = new AbortController()
    const onProgress = atRows(200_000, () => {
      void proxy.cut()
      setTimeout(() => late.abort(new DomainError('TIME_LIMIT', 'too late')), 500)
    })
    const context = contextWith({ relay, client, questdbUrl: proxy.url, signal: late.signal, onProgress })
    const error = await load(framePlan(), context).catch((reason: unknown) => reason)
    assert.is((error as DomainError).code, 'TIME_LIMIT')
    noFileStays()
  } finally {
    await client.close()
    await proxy.stop()
  }
})

test('the sweep removes what a killed process has left, and nothing that is young or not its own', async () => {
  const swept = mkdtempSync(join(folder, 'swept-'))
  const old = new Date(Date.now() - 3 * 3600 * 1000)
  const id = '3f2a6c1e-8d3b-4b8e-9a51-0c6f6b8f0a11'
  for (const [name, time] of [
    [`stage1_${id}.parquet`, old],
    [`stage1_${id.replace('3f', '4f')}.parquet`, new Date()],
    ['ohlcv.parquet', old],
  ] as const) {
    const file = await open(join(swept, name), 'w')
    await file.utimes(time, time)
    await file.close()
  }
  await sweepRelayFiles(swept)
  assert.equal(readdirSync(swept).sort(), ['ohlcv.parquet', `stage1_${id.replace('3f', '4f')}.parquet`])
})

test.run()
