import type { Readable } from 'node:stream'
import type { DatasetService } from '../datasets/service.js'
import { DomainError } from '../errors.js'
import type { SpooledBody } from '../frames/spooled.js'
import type { JobContext, JobService } from '../jobs/service.js'
import { type Handle, inTransaction } from '../postgres/handle.js'
import type { QuestDbClient } from '../questdb/client.js'
import { requireMeasurementName } from '../questdb/names.js'
import { exactBounds, tableColumns } from '../questdb/table-states.js'
import { UUID } from '../records/uuid.js'
import type { LoadResult, SpoolTicket, TransferService } from '../transfers/service.js'
import { digestOf } from './digest.js'
import { RENDERER_VERSION, type Run, type RunDocument, renderDocument, renderRun } from './document.js'
import { type PredictionsWanted, predictionFrame, predictionLoad, readPredictions } from './predictions.js'
import { type RunReceipt, receiptOf } from './receipt.js'
import { type RunRecord, type RunSave, readRun } from './record.js'
import * as repository from './repository.js'

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

/**
 * Runs with their folds and predictions.
 *
 * A save is whole or nothing. Run, folds and document go into PostgreSQL in one transaction. Predictions that come along are
 * loaded first, into a table of their own; that table takes the measurement's place only around the transaction's commit, and
 * gives it back when the commit fails. Such a save is a job: after a crash at any step another process runs it again from the
 * spooled body, and it ends in the same state. A resumed save never overwrites one that was acknowledged after it.
 */
export class RunPersistenceService {
  constructor(private readonly parts: RunParts) {
    parts.jobs.register(SAVE_RUN, {
      work: (input, context) => this.#resume(input as unknown as SaveInput, context),
      ended: (input) => parts.transfers.discard((input as unknown as SaveInput).spool),
    })
  }

  /** @throws DomainError DATASET_UNKNOWN, FOLD_DUPLICATE, COUNT_MISMATCH, or what is wrong with a prediction row */
  async save(body: RunSave, spooled: SpooledBody, signal: AbortSignal): Promise<SavedRun> {
    const record = readRun(body)
    requireMeasurementName(record.prediction_measurement)
    const dataset = await this.#requireDataset(record)
    if (!predictionFrame(spooled)) return this.#store(record, dataset, spooled)
    const { result } = await this.parts.jobs.runHere(
      {
        type: SAVE_RUN,
        payload: { run_id: record.run_id, measurement: record.prediction_measurement, folds: record.folds.length },
        input: { spool: this.parts.transfers.ticket(spooled) } satisfies SaveInput as unknown as Record<
          string,
          unknown
        >,
      },
      signal,
      () => this.parts.transfers.adopt(spooled),
    )
    return result as unknown as SavedRun
  }

  async list(filter: RunListFilter, page: { limit: number; offset: number }): Promise<{ runs: Run[]; total: number }> {
    const { dataset, ...rest } = filter
    const datasetId = dataset === undefined ? undefined : (await this.parts.datasets.find(dataset))?.dataset_id
    if (dataset !== undefined && datasetId === undefined) return { runs: [], total: 0 }
    const wanted = { ...rest, datasetId }
    const [rows, total] = await Promise.all([
      repository.listRuns(this.parts.db, wanted, page),
      repository.countRuns(this.parts.db, wanted),
    ])
    return { runs: rows.map(renderRun), total }
  }

  /** @throws DomainError DATASET_NOT_FOUND */
  async listOfDataset(key: string, page: { limit: number; offset: number }): Promise<{ runs: Run[]; total: number }> {
    const dataset = await this.parts.datasets.require(key)
    return this.list({ dataset: dataset.dataset_id }, page)
  }

  /** The finished document; one that an older renderer made is made anew. @throws DomainError RUN_NOT_FOUND */
  async document(runId: string): Promise<RunDocument> {
    const stored = UUID.test(runId) ? await repository.findDocument(this.parts.db, runId) : undefined
    if (!stored) throw notFound(runId)
    if (stored.renderer_version === RENDERER_VERSION) return { etag: stored.etag, gzipped: stored.document_gzip }
    return this.#renderAnew(runId)
  }

  /** Streams the prediction rows. @throws DomainError RUN_NOT_FOUND, MEASUREMENT_NOT_FOUND */
  async predictions(
    runId: string,
    format: 'json' | 'csv',
    wanted: PredictionsWanted,
    limits: { readonly signal: AbortSignal; readonly timeoutSeconds: number },
  ): Promise<Readable> {
    const run = UUID.test(runId) ? await repository.findRun(this.parts.db, runId) : undefined
    if (!run) throw notFound(runId)
    return readPredictions(this.parts.questdb, run, format, wanted, limits)
  }

  /** The job: reads the save once more from the spool, loads its predictions and stores the rest around their publication. */
  async #resume(input: SaveInput, context: JobContext): Promise<Record<string, unknown>> {
    const { spooled, head } = await this.parts.transfers.redeem(input.spool)
    const record = readRun(head as RunSave)
    const frame = predictionFrame(spooled)
    if (!frame) throw new Error('a save without predictions is no job')
    const dataset = await this.#requireDataset(record)
    if (context.attempt > 1) await this.#refuseIfNewer(record, dataset, context)
    let saved: SavedRun | undefined
    const reserved = await this.#isReserved(record)
    const load = { ...predictionLoad(record, frame), reserved }
    await this.parts.transfers.loadInJob(load, spooled, context, async (result) => {
      saved = await this.#store(record, dataset, spooled, result)
    })
    return { ...saved }
  }

  /** Run, folds and document in one transaction; the same save again changes nothing. */
  async #store(record: RunRecord, dataset: DatasetKey, spooled: SpooledBody, loaded?: LoadResult): Promise<SavedRun> {
    const { created, etag } = await inTransaction(this.parts.db, async (tx) => {
      await repository.lockRunId(tx, record.run_id)
      const known = await repository.lockRun(tx, record.run_id)
      const same = known?.content_digest === digestOf(record, dataset.dataset_id)
      const document = same ? await repository.findDocument(tx, record.run_id) : undefined
      if (document?.renderer_version === RENDERER_VERSION) return { created: false, etag: document.etag }
      return { created: !known, etag: (await replaceRun(tx, record, dataset)).etag }
    })
    const counted = loaded ? loaded.totalRows : await this.#countPredictions(record.prediction_measurement)
    return { created, receipt: receiptOf({ record, datasetId: dataset.dataset_id, etag, spooled, loaded, counted }) }
  }

  async #renderAnew(runId: string): Promise<RunDocument> {
    return inTransaction(this.parts.db, async (tx) => {
      await repository.lockRunId(tx, runId)
      const run = await repository.findRun(tx, runId)
      if (!run) throw notFound(runId)
      const document = await renderDocument(run, await repository.findFolds(tx, runId))
      await repository.upsertDocument(tx, { runId, rendererVersion: RENDERER_VERSION, ...document })
      return document
    })
  }

  /** Whether others count on the measurement: another run, or a dataset unless this run was saved under that name before. */
  async #isReserved({ run_id, prediction_measurement }: RunRecord): Promise<boolean> {
    const namers = await repository.findNamers(this.parts.db, prediction_measurement)
    if (namers.some((id) => id !== run_id)) return true
    return namers.length === 0 && (await this.parts.datasets.names(prediction_measurement))
  }

  async #requireDataset(record: RunRecord) {
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

  async #refuseIfNewer(record: RunRecord, dataset: DatasetKey, context: JobContext): Promise<void> {
    const known = await repository.findRun(this.parts.db, record.run_id)
    if (known && known.updated_at > context.createdAt && known.content_digest !== digestOf(record, dataset.dataset_id))
      throw new DomainError('SUPERSEDED', `run ${record.run_id} was saved again after this save began`)
  }

  async #countPredictions(measurement: string): Promise<number | undefined> {
    try {
      const columns = await tableColumns(this.parts.questdb, measurement, { timeoutMs: COUNT_LIMIT_MS })
      if (!columns) return 0
      const designated = columns.find((column) => column.designated)?.name ?? null
      return (await exactBounds(this.parts.questdb, measurement, designated, { timeoutMs: COUNT_LIMIT_MS }))?.count ?? 0
    } catch {
      return undefined
    }
  }
}

export interface RunListFilter {
  readonly dataset?: string | undefined
  readonly status?: string | undefined
  readonly measurement?: string | undefined
  readonly search?: string | undefined
}

export interface SavedRun {
  readonly created: boolean
  readonly receipt: RunReceipt
}

type DatasetKey = { readonly dataset_id: string; readonly dataset_slug: string }

interface SaveInput {
  readonly spool: SpoolTicket
}

async function replaceRun(tx: Handle, record: RunRecord, dataset: DatasetKey): Promise<RunDocument> {
  const { dataset: _, folds, ...fields } = record
  const columns = { ...fields, dataset_id: dataset.dataset_id, fold_count: folds.length }
  const stored = await repository.upsertRun(tx, {
    ...columns,
    feature_columns: JSON.stringify(record.feature_columns),
    hyperparameters: JSON.stringify(record.hyperparameters),
    walk_config: JSON.stringify(record.walk_config),
    summary_metrics: JSON.stringify(record.summary_metrics),
    extra: JSON.stringify(record.extra),
    content_digest: digestOf(record, dataset.dataset_id),
  })
  await repository.deleteFolds(tx, record.run_id)
  const written = await repository.insertFolds(tx, record.run_id, folds)
  if (written !== folds.length)
    throw new Error(`${folds.length} folds were to be stored but PostgreSQL took ${written}`)
  const document = await renderDocument({ ...columns, ...stored, dataset_slug: dataset.dataset_slug }, folds)
  await repository.upsertDocument(tx, { runId: record.run_id, rendererVersion: RENDERER_VERSION, ...document })
  return document
}

function notFound(runId: string): DomainError {
  return new DomainError('RUN_NOT_FOUND', `there is no run ${runId}`, { run_id: runId })
}
