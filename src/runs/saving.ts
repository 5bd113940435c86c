/**
 * Saving a run: whole or nothing.
 *
 * Run, folds, document and receipt go into PostgreSQL in one transaction. Predictions that come along are loaded first, into a
 * table of their own; that table takes the measurement's place only around the transaction's commit, and gives it back when the
 * commit fails or never comes. A save with predictions is a job, and so is one whose client does not want to wait: after a crash at any step
 * another process runs it again from the spooled body, and it ends in the same state. A resumed save never overwrites one that
 * was acknowledged after it.
 */
import { crashPoint } from '../crash.js'
import type { DatasetService, StoredDataset } from '../datasets/service.js'
import { DomainError } from '../errors.js'
import { type NewEvent, recordEvents } from '../events/service.js'
import type { SpooledBody } from '../frames/spooled.js'
import { firstSent } from '../idempotency/service.js'
import type { Job, JobContext, JobOrigin, JobService } from '../jobs/service.js'
import { type Handle, inTransaction } from '../postgres/handle.js'
import type { QuestDbClient } from '../questdb/client.js'
import { requireMeasurementName } from '../questdb/names.js'
import { tableBounds } from '../questdb/table-states.js'
import { batchesOf } from '../records/batches.js'
import { isMadeBy } from '../records/made-by.js'
import type { LoadResult, SpoolTicket, TransferService } from '../transfers/service.js'
import { nextTurn } from '../turns.js'
import { digestOf } from './digest.js'
import { RENDERER_VERSION, type RunDocument, renderDocument } from './document.js'
import { withTimes } from './fold-times.js'
import { predictionFrame, predictionLoad } from './predictions.js'
import { type RunReceipt, receiptOf } from './receipt.js'
import { type RunRecord, type RunSave, readRun } from './record.js'
import * as repository from './repository.js'

const FOLDS_AT_ONCE = 500
const SAVE_RUN = 'save_run'
/** How long a receipt waits for QuestDB's count of predictions that this save did not write. */
const COUNT_LIMIT_MS = 2000

export interface RunParts {
  readonly db: Handle
  readonly datasets: DatasetService
  readonly transfers: TransferService
  readonly jobs: JobService
  readonly questdb: QuestDbClient
}

export interface SavedRun {
  readonly created: boolean
  readonly receipt: RunReceipt
}

interface SaveInput {
  readonly spool: SpoolTicket
  /** The upload that holds the predictions. */
  readonly upload?: SpoolTicket
  /** Nobody waits for this save, so others of the same run may be acknowledged before it is done. */
  readonly later?: true
}

/** A save with what it rests on. */
interface ReadySave {
  readonly record: RunRecord
  readonly dataset: StoredDataset
  readonly spooled: SpooledBody
  readonly warnings: readonly string[]
  /** When a save that is done later, or again after a crash, was accepted. */
  readonly acceptedAt?: Date | undefined
  /** The job that does it. */
  readonly job?: Pick<JobContext, 'jobId' | 'requireOwn'>
  /** Knows again what it has made when it is done again. */
  readonly workId?: string | undefined
}

/** Predictions that are in place; they stay with the transaction in which they are settled. */
interface LoadedPredictions {
  readonly result: LoadResult
  readonly settle: (tx: Handle) => Promise<void>
}

export class RunSaving {
  constructor(private readonly parts: RunParts) {
    parts.jobs.register(SAVE_RUN, {
      work: (input, context) => this.#work(input as unknown as SaveInput, context),
      ended: (input) => parts.transfers.discard((input as unknown as SaveInput).spool),
    })
  }

  /**
   * Saves while the caller waits. Predictions are saved by a job; one of this id that is there is waited for, not done again.
   * @throws DomainError DATASET_UNKNOWN, FOLD_DUPLICATE, COUNT_MISMATCH, or a fault of a row
   */
  async now(body: RunSave, spooled: SpooledBody, signal: AbortSignal, origin: JobOrigin): Promise<SavedRun> {
    const record = await this.#checked(body, spooled)
    if (!carriesPredictions(body, spooled))
      return this.#store({ ...(await this.#ready(record, spooled)), workId: origin.jobId })
    const job = { ...(await this.#job(record, body, spooled)), ...origin }
    const { result } = await this.parts.jobs.runHere(job, signal, () => this.parts.transfers.adopt(spooled))
    return result as unknown as SavedRun
  }

  /** Accepts a save whose outcome the job will tell. @throws DomainError for what can be seen wrong at once */
  async later(body: RunSave, spooled: SpooledBody, origin: JobOrigin): Promise<{ record: RunRecord; job: Job }> {
    const record = await this.#checked(body, spooled)
    const { input, ...rest } = await this.#job(record, body, spooled)
    const job = await this.parts.jobs.enqueue({ ...rest, ...origin, input: { ...input, later: true } }, () =>
      this.parts.transfers.adopt(spooled),
    )
    return { record, job }
  }

  async #checked(body: RunSave, spooled: SpooledBody): Promise<RunRecord> {
    if ((body.folds?.length ?? 0) > FOLDS_AT_ONCE) await nextTurn()
    const record = readRun(body)
    requireMeasurementName(record.prediction_measurement)
    await this.#requireDataset(record)
    const { prediction_count: declared } = body
    if (declared !== undefined && declared > 0 && !carriesPredictions(body, spooled)) {
      const counted = await this.#countPredictions(record.prediction_measurement)
      if (counted !== undefined && counted !== declared) throw countMismatch(record, declared, counted)
    }
    if (body.folds === undefined) await this.#refuseToForgetFolds(record.run_id)
    return record
  }

  /** A save replaces all folds, so one that does not speak of them would remove them unseen. */
  async #refuseToForgetFolds(runId: string): Promise<void> {
    const known = await repository.findRun(this.parts.db, runId)
    if (!known || known.fold_count === 0) return
    const sentence = `run ${runId} has ${known.fold_count} folds; send them along, or folds: [] to remove them`
    throw new DomainError('REQUEST_INVALID', sentence, [{ in: 'body', pointer: '/folds', expected: 'an array' }])
  }

  async #job(record: RunRecord, body: RunSave, spooled: SpooledBody) {
    const { transfers } = this.parts
    const uploadId = body.predictions_upload_id
    predictionFrame(spooled, uploadId)
    const input: SaveInput = {
      spool: await transfers.ticket(spooled),
      ...(uploadId ? { upload: await transfers.uploads.ticket(uploadId, 'predictions_upload_id') } : {}),
    }
    return {
      type: SAVE_RUN,
      bytes: spooled.bytes,
      measurement: carriesPredictions(body, spooled) ? record.prediction_measurement : undefined,
      payload: { run_id: record.run_id, measurement: record.prediction_measurement, folds: record.folds.length },
      input: { ...input },
    }
  }

  /** The job: reads the save once more from the spool, loads its predictions and stores the rest around their publication. */
  async #work(input: SaveInput, context: JobContext): Promise<Record<string, unknown>> {
    const { transfers } = this.parts
    const { spooled, head } = await transfers.redeem(input.spool, context)
    const body = head as RunSave
    const overtaken = context.attempt > 1 || input.later === true
    const ready = {
      ...(await this.#ready(readRun(body), spooled)),
      ...(overtaken && { acceptedAt: context.createdAt }),
      job: context,
      workId: context.jobId,
    }
    const source = input.upload ? await transfers.uploads.redeem(input.upload, context) : predictionFrame(spooled)
    if (!source) return { ...(await this.#store(ready)) }
    const load = {
      ...predictionLoad(ready.record, source, body.prediction_count),
      reserved: await this.#isReserved(ready.record),
    }
    let saved: SavedRun | undefined
    await transfers.loadInJob(load, input.upload?.bytes ?? spooled.bytes, context, async (result, settle) => {
      saved = await this.#store(ready, { result, settle })
    })
    return { ...saved }
  }

  async #ready(record: RunRecord, spooled: SpooledBody): Promise<ReadySave> {
    const dataset = await this.#requireDataset(record)
    const known = () => repository.findFolds(this.parts.db, record.run_id)
    const timed = await withTimes(this.parts.questdb, dataset.indicator_measurement, record.folds, known)
    return { record: { ...record, folds: timed.folds }, dataset, spooled, warnings: timed.warnings }
  }

  /** Run, folds, document and receipt in one transaction; the same save again changes nothing. */
  async #store(ready: ReadySave, loaded?: LoadedPredictions): Promise<SavedRun> {
    const { record, dataset, spooled, warnings, job, workId } = ready
    const counted = loaded ? loaded.result.totalRows : await this.#countPredictions(record.prediction_measurement)
    const content_digest = await digestOf(record, dataset.dataset_id)
    const saved = await inTransaction(this.parts.db, async (tx) => {
      await repository.lockRunId(tx, record.run_id)
      const known = await repository.lockRun(tx, record.run_id)
      // After the locks, since who renews the lease waits from here on.
      await job?.requireOwn(tx)
      const created = isMadeBy(workId, known)
      const same = known?.content_digest === content_digest
      const acceptedAt = (await firstSent(tx, workId)) ?? ready.acceptedAt
      if (known && !same && acceptedAt && known.accepted_at > acceptedAt)
        throw new DomainError('SUPERSEDED', `run ${record.run_id} was saved again after this save was accepted`)
      const document = same ? await repository.findDocument(tx, record.run_id) : undefined
      const current = document?.renderer_version === RENDERER_VERSION ? document : undefined
      const { etag } = current ?? (await replaceRun(tx, record, dataset, { content_digest, acceptedAt, workId }))
      const receipt = receiptOf({ record, dataset, etag, spooled, loaded: loaded?.result, counted, warnings })
      await repository.setReceipt(tx, record.run_id, receipt)
      if (!same || loaded) await recordEvents(tx, [savedEvent(record, dataset, { created, jobId: job?.jobId })])
      await loaded?.settle(tx)
      await crashPoint('run-stored')
      return { created, receipt }
    })
    await crashPoint('run-committed')
    return saved
  }

  /** Whether others count on the measurement: another run, or a dataset unless this run was saved under that name before. */
  async #isReserved({ run_id, prediction_measurement }: RunRecord): Promise<boolean> {
    const namers = await repository.findNamers(this.parts.db, prediction_measurement)
    if (namers.some((id) => id !== run_id)) return true
    return namers.length === 0 && (await this.parts.datasets.names(prediction_measurement))
  }

  async #requireDataset(record: RunRecord): Promise<StoredDataset> {
    const dataset = record.dataset === '' ? undefined : await this.parts.datasets.find(record.dataset)
    if (dataset) return dataset
    const named = record.dataset === '' ? 'no dataset_id was sent' : `dataset ${record.dataset} is not registered`
    throw new DomainError(
      'DATASET_UNKNOWN',
      `${named}; POST /api/datasets first, then save run ${record.run_id} again`,
      {
        dataset_id: record.dataset,
        run_id: record.run_id,
      },
    )
  }

  async #countPredictions(measurement: string): Promise<number | undefined> {
    try {
      return (await tableBounds(this.parts.questdb, measurement, { timeoutMs: COUNT_LIMIT_MS }))?.count ?? 0
    } catch {
      return undefined
    }
  }
}

function savedEvent(
  record: RunRecord,
  { dataset_id, dataset_slug }: Pick<StoredDataset, 'dataset_id' | 'dataset_slug'>,
  { created, jobId }: { created: boolean; jobId: string | undefined },
): NewEvent {
  const { run_id, prediction_measurement, status, folds } = record
  const data = { dataset_id, dataset_slug, prediction_measurement, status, fold_count: folds.length, created }
  return { topic: 'runs', type: 'run.saved', subject: run_id, ...(jobId !== undefined && { jobId }), data }
}

function carriesPredictions(body: RunSave, spooled: SpooledBody): boolean {
  return predictionFrame(spooled, body.predictions_upload_id) !== undefined || Boolean(body.predictions_upload_id)
}

function countMismatch({ prediction_measurement }: RunRecord, declared: number, received: number): DomainError {
  return new DomainError(
    'COUNT_MISMATCH',
    `prediction_count says ${declared}, no predictions came and ${prediction_measurement} holds ${received}; nothing was stored`,
    { declared, received },
  )
}

async function replaceRun(
  tx: Handle,
  record: RunRecord,
  dataset: Pick<StoredDataset, 'dataset_id' | 'dataset_slug'>,
  {
    content_digest,
    acceptedAt,
    workId,
  }: Pick<ReadySave, 'acceptedAt' | 'workId'> & { readonly content_digest: string },
): Promise<RunDocument> {
  const { dataset: _, folds, ...fields } = record
  const columns = { ...fields, dataset_id: dataset.dataset_id, fold_count: folds.length }
  const values = {
    ...columns,
    feature_columns: JSON.stringify(record.feature_columns),
    hyperparameters: JSON.stringify(record.hyperparameters),
    walk_config: JSON.stringify(record.walk_config),
    summary_metrics: JSON.stringify(record.summary_metrics),
    extra: JSON.stringify(record.extra),
    content_digest,
    made_by: workId,
  }
  const stored = await repository.upsertRun(tx, values, acceptedAt)
  await repository.deleteFolds(tx, record.run_id)
  let written = 0
  for (const batch of batchesOf(folds, FOLDS_AT_ONCE)) {
    if (folds.length > FOLDS_AT_ONCE) await nextTurn()
    written += await repository.insertFolds(tx, record.run_id, batch)
  }
  if (written !== folds.length)
    throw new Error(`${folds.length} folds were to be stored but PostgreSQL took ${written}`)
  const document = await renderDocument({ ...columns, ...stored, dataset_slug: dataset.dataset_slug }, folds)
  await repository.upsertDocument(tx, { runId: record.run_id, rendererVersion: RENDERER_VERSION, ...document })
  return document
}
