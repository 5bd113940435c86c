import {
  type DatabaseConnection,
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
} from 'kysely'
import * as assert from 'uvu/assert'
import { DomainError } from '../../../src/errors.js'
import type { SpooledBody } from '../../../src/frames/spooled.js'
import type { JobContext, JobKind } from '../../../src/jobs/service.js'
import type { Database } from '../../../src/postgres/schema.js'
import { digestOf } from '../../../src/runs/digest.js'
import { RENDERER_VERSION } from '../../../src/runs/document.js'
import { type RunSave, readRun } from '../../../src/runs/record.js'
import { type RunParts, RunPersistenceService } from '../../../src/runs/service.js'
import type { LoadRequest, LoadResult } from '../../../src/transfers/service.js'
import { test } from '../../support/test.js'

const RUN_ID = '8620f8da-8f74-4dd9-8ee2-d14d2c672873'
const BODY: RunSave = {
  run: { run_id: RUN_ID, dataset_id: 'btc25_3', prediction_measurement: 'btc_wf1', status: 'COMPLETED' },
  folds: [{ fold_number: 0 }, { fold_number: 1 }, { fold_number: 4 }],
}
const DATASETS = [{ dataset_id: 'own-id', dataset_slug: 'btc25_3' }]
const NOW = new Date('2025-11-06T13:05:17Z')
const LOADED: LoadResult = {
  rowsReceived: 5,
  rowsWritten: 4,
  rowsDeduplicated: 1,
  totalRows: 4,
  firstMs: 1_732_831_200_000,
  lastMs: 1_732_834_800_000,
}
const signal = new AbortController().signal

interface Answers {
  readonly known?: { content_digest: string; accepted_at?: Date }
  readonly document?: { renderer_version: number; etag: string }
  readonly foldsTaken?: number
}

/** A database that answers by the script; what it was told stands in `told`, in order. */
function scripted(answers: Answers) {
  const told: string[] = []
  const rowsFor = (sql: string): unknown[] => {
    if (/^select "content_digest"/.test(sql)) return answers.known ? [answers.known] : []
    if (/^select "renderer_version"/.test(sql)) return answers.document ? [answers.document] : []
    return /returning/.test(sql) ? [{ created_at: NOW, updated_at: NOW }] : []
  }
  const connection: DatabaseConnection = {
    async executeQuery<R>({ sql }: { sql: string }) {
      told.push(sql.trim().split(/\s+/).slice(0, 3).join(' '))
      return { rows: rowsFor(sql.trim()) as R[], numAffectedRows: BigInt(answers.foldsTaken ?? 3) }
    },
    async *streamQuery() {},
  }
  class Driver extends DummyDriver {
    override async acquireConnection() {
      return connection
    }
    override async beginTransaction() {
      told.push('begin')
    }
    override async commitTransaction() {
      told.push('commit')
    }
    override async rollbackTransaction() {
      told.push('rollback')
    }
  }
  const db = new Kysely<Database>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new Driver(),
      createIntrospector: (of) => new PostgresIntrospector(of),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  })
  return { db, told }
}

type Confirm = (result: LoadResult, settle: () => Promise<void>) => Promise<void>

async function settle(): Promise<void> {}

async function loadWithoutFault(_: LoadRequest, confirm: Confirm): Promise<LoadResult> {
  await confirm(LOADED, settle)
  return LOADED
}

interface Setting extends Answers {
  readonly load?: typeof loadWithoutFault
  readonly attempt?: number
  /** A measurement that a dataset names as one of its frames. */
  readonly namedByDataset?: string
}

/** The service among stand-ins: one dataset, jobs that run at once, predictions that load as told. */
function service(setting: Setting = {}) {
  const { db, told } = scripted(setting)
  const started: unknown[] = []
  let kind: JobKind | undefined
  const parts = {
    db,
    datasets: {
      find: async (key: string) => DATASETS.find((dataset) => dataset.dataset_slug === key),
      names: async (measurement: string) => measurement === setting.namedByDataset,
    },
    transfers: {
      ticket: (body: SpooledBody) => ({ file: body.path }),
      adopt: () => {},
      redeem: async () => ({ spooled: spooled(true), head: BODY }),
      loadInJob: (request: LoadRequest, _: unknown, __: unknown, confirm: Confirm) =>
        (setting.load ?? loadWithoutFault)(request, confirm),
    },
    jobs: {
      register: (_: string, registered: JobKind) => {
        kind = registered
      },
      runHere: async (job: { input: Record<string, unknown>; payload: unknown }) => {
        started.push(job.payload)
        const context = {
          attempt: setting.attempt ?? 1,
          createdAt: NOW,
          signal,
          progress: () => {},
          requireOwn: async () => {},
        }
        return { jobId: 'j', result: await kind?.work(job.input, context as unknown as JobContext) }
      },
    },
    questdb: { exec: () => Promise.reject(new DomainError('QUESTDB_UNAVAILABLE', 'QuestDB does not answer')) },
  }
  return { runs: new RunPersistenceService(parts as unknown as RunParts), told, jobs: started }
}

function spooled(withPredictions: boolean): SpooledBody {
  const members = new Map(withPredictions ? [['predictions', { start: 10, end: 90, kind: 'array' as const }]] : [])
  return { path: '/spool/a.body', bytes: 100, digest: 'sha-256=:x:', media: 'application/json', members, startedAt: 0 }
}

async function refusal(save: Promise<unknown>): Promise<DomainError> {
  const outcome = await save.catch((error: unknown) => error)
  if (outcome instanceof DomainError) return outcome
  throw outcome instanceof Error ? outcome : new Error('it was stored')
}

const INTO = 'insert into'
const WRITES = /^(insert|update|delete)/

test('run, folds and document are written in one transaction, the former folds taken away first', async () => {
  const { runs, told } = service()
  const { created, receipt } = await runs.save(BODY, spooled(false), signal)
  assert.equal(
    told.filter((line) => /^(begin|insert|delete|commit)/.test(line)),
    [
      'begin',
      `${INTO} "walkforward_runs"`,
      'delete from "walkforward_folds"',
      `${INTO} walkforward_folds`,
      `${INTO} "walkforward_run_documents"`,
      `${INTO} "stage1_events"`,
      'commit',
    ],
  )
  assert.ok(created)
  const { run_id, dataset_id, folds_written, fold_count, questdb_rows_written, digest, warnings } = receipt
  assert.equal([run_id, dataset_id, folds_written, fold_count], [RUN_ID, 'own-id', 3, 3])
  assert.equal([questdb_rows_written, digest, warnings], [0, 'sha-256=:x:', ['folds 2 to 3 are missing']])
  assert.not('prediction_rows' in receipt, 'QuestDB did not answer, so nothing is said of its rows')
})

test('a save with fewer folds stored than sent is taken back whole', async () => {
  const { runs, told } = service({ foldsTaken: 2 })
  const error = await runs.save(BODY, spooled(false), signal).catch((thrown: unknown) => thrown)
  assert.match(String(error), '3 folds were to be stored but PostgreSQL took 2')
  assert.ok(told.includes('rollback') && !told.includes('commit'))
})

test('the same save again writes nothing but its receipt and answers with the ETag that stands', async () => {
  const known = { content_digest: await digestOf(readRun(BODY), 'own-id') }
  const { runs, told } = service({ known, document: { renderer_version: RENDERER_VERSION, etag: '"same"' } })
  const { created, receipt } = await runs.save(BODY, spooled(false), signal)
  assert.equal([created, receipt.etag, receipt.folds_written], [false, '"same"', 3])
  assert.equal(
    told.filter((line) => WRITES.test(line)),
    ['update "walkforward_runs" set'],
  )

  const older = service({ known, document: { renderer_version: RENDERER_VERSION - 1, etag: '"old"' } })
  const again = await older.runs.save(BODY, spooled(false), signal)
  assert.is.not(again.receipt.etag, '"old"', 'a document of an older renderer is made anew')
})

test('an unknown dataset is refused by name before anything is written or loaded', async () => {
  for (const withPredictions of [false, true]) {
    const { runs, told, jobs } = service()
    const body = { ...BODY, run: { ...BODY.run, dataset_id: 'nobody' } }
    const error = await refusal(runs.save(body, spooled(withPredictions), signal))
    assert.equal([error.code, error.details], ['DATASET_UNKNOWN', { dataset_id: 'nobody', run_id: RUN_ID }])
    assert.equal([told, jobs], [[], []])
  }
})

test('predictions are loaded first and the transaction runs while they can still be taken back', async () => {
  const order: string[] = []
  const { runs, told, jobs } = service({
    load: async (request, confirm) => {
      order.push(`load ${request.target}`)
      await confirm(LOADED, settle)
      order.push(...told.filter((line) => line === 'commit'), 'published')
      return LOADED
    },
  })
  const { receipt } = await runs.save(BODY, spooled(true), signal)
  assert.equal(order, ['load btc_wf1', 'commit', 'published'])
  assert.equal(jobs, [{ run_id: RUN_ID, measurement: 'btc_wf1', folds: 3 }])
  assert.equal([receipt.questdb_rows_written, receipt.prediction_rows, receipt.first_ts_ms], [4, 4, LOADED.firstMs])
  assert.match(receipt.warnings?.join() ?? '', '1 prediction with the time and fold of another one')
})

test('when the transaction fails, the load hears of it and can put the former predictions back', async () => {
  let heard: unknown
  const { runs } = service({
    foldsTaken: 0,
    load: async (_, confirm) => {
      heard = await confirm(LOADED, settle).catch((error: unknown) => error)
      throw heard
    },
  })
  const error = await runs.save(BODY, spooled(true), signal).catch((thrown: unknown) => thrown)
  assert.match(String(heard), 'PostgreSQL took 0')
  assert.is(error, heard)
})

test("predictions are loaded as the run's own, and the loader is told when a dataset counts on the measurement", async () => {
  const requests: LoadRequest[] = []
  const load = async (request: LoadRequest, confirm: Confirm) => {
    requests.push(request)
    return loadWithoutFault(request, confirm)
  }
  await service({ load }).runs.save(BODY, spooled(true), signal)
  await service({ load, namedByDataset: 'btc_wf1' }).runs.save(BODY, spooled(true), signal)
  assert.equal(
    requests.map(({ owner, reserved }) => [owner, reserved]),
    [
      [{ kind: 'run', id: RUN_ID }, false],
      [{ kind: 'run', id: RUN_ID }, true],
    ],
  )
})

test('a measurement that no table may be called takes no predictions', async () => {
  const body = { ...BODY, run: { ...BODY.run, prediction_measurement: 'a-b' } }
  assert.is((await refusal(service().runs.save(body, spooled(false), signal))).code, 'MEASUREMENT_NAME_INVALID')
})

test('a save that goes on after a crash steps back when the run was saved again meanwhile', async () => {
  const later = { content_digest: 'other', accepted_at: new Date(NOW.getTime() + 1) }
  const error = await refusal(service({ attempt: 2, known: later }).runs.save(BODY, spooled(true), signal))
  assert.is(error.code, 'SUPERSEDED')
  const earlier = { content_digest: 'other', accepted_at: new Date(NOW.getTime() - 1) }
  const { receipt } = await service({ attempt: 2, known: earlier }).runs.save(BODY, spooled(true), signal)
  assert.is(receipt.folds_written, 3)
})

test.run()
