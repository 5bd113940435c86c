import type { Readable } from 'node:stream'
import { DomainError } from '../errors.js'
import type { SpooledBody } from '../frames/spooled.js'
import type { JobOrigin } from '../jobs/service.js'
import { inTransaction } from '../postgres/handle.js'
import { olderListLimit, requireOlderList } from '../records/older-list.js'
import { UUID } from '../records/uuid.js'
import { aggregatesOf, type FoldAggregates } from './aggregates.js'
import {
  RENDERER_VERSION,
  type Run,
  type RunDetail,
  type RunDocument,
  renderDocument,
  renderRun,
  renderWalkforwardRun,
  type WalkforwardRun,
} from './document.js'
import { type FoldDetail, projected, renderFold } from './fold.js'
import { type PredictionsWanted, readPredictions } from './predictions.js'
import { acceptedReceipt, type RunReceipt } from './receipt.js'
import { gapsIn, type RunSave } from './record.js'
import * as repository from './repository.js'
import { type RunParts, RunSaving, type SavedRun } from './saving.js'

export type { RunParts } from './saving.js'

/** Runs with their folds and predictions: saved whole, shown as documents, listed and read in parts. */
export class RunPersistenceService {
  readonly #saving: RunSaving

  constructor(private readonly parts: RunParts) {
    this.#saving = new RunSaving(parts)
  }

  /** Saves while the caller waits; see `RunSaving`. */
  save(body: RunSave, spooled: SpooledBody, signal: AbortSignal, origin: JobOrigin = {}): Promise<SavedRun> {
    return this.#saving.now(body, spooled, signal, origin)
  }

  /** Accepts a save and answers which job does it. @throws DomainError for what can be seen wrong at once */
  async saveLater(body: RunSave, spooled: SpooledBody, origin: JobOrigin): Promise<RunReceipt> {
    const { record, job } = await this.#saving.later(body, spooled, origin)
    return acceptedReceipt(record, job)
  }

  async list(filter: RunListFilter, page: { limit: number; offset: number }): Promise<{ runs: Run[]; total: number }> {
    const { dataset, search, ...rest } = filter
    const datasetId = dataset === undefined ? undefined : (await this.parts.datasets.find(dataset))?.dataset_id
    if (dataset !== undefined && datasetId === undefined) return { runs: [], total: 0 }
    const found = search && { text: search, datasetIds: await this.parts.datasets.idsBySlugPart(search) }
    const wanted = { ...rest, datasetId, search: found || undefined }
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

  /** The older list: without `limit` all runs. @throws DomainError REQUEST_INVALID when these are too many for it */
  async walkforwardRuns(page: { limit: number | undefined; offset: number }): Promise<WalkforwardRun[]> {
    const limit = olderListLimit(page.limit)
    const rows = await repository.listRuns(this.parts.db, {}, { limit, offset: page.offset })
    requireOlderList(rows, 'runs', '/api/runs')
    return rows.map(renderWalkforwardRun)
  }

  /** The finished document; one that an older renderer made is made anew. @throws DomainError RUN_NOT_FOUND */
  async document(runId: string): Promise<RunDocument> {
    const stored = UUID.test(runId) ? await repository.findDocument(this.parts.db, runId) : undefined
    if (!stored) throw notFound(runId)
    if (stored.renderer_version === RENDERER_VERSION) return { etag: stored.etag, gzipped: stored.document_gzip }
    return this.#renderAnew(runId)
  }

  /** The run with a part of its folds. @throws DomainError RUN_NOT_FOUND */
  async part(runId: string, wanted: FoldsWanted): Promise<RunDetail> {
    const run = await this.#require(runId)
    const shown = renderRun(run)
    const folds = await this.#foldsOf(runId, wanted)
    const offset = wanted.offset ?? 0
    return {
      ...shown,
      total_folds: run.fold_count,
      fold_offset: offset,
      has_more_folds: offset + folds.length < run.fold_count,
      run: shown,
      folds,
    }
  }

  /** A run's folds with figures over all of them, whatever part is wanted. @throws DomainError RUN_NOT_FOUND */
  async folds(runId: string, wanted: FoldsWanted): Promise<FoldsFound> {
    const run = await this.#require(runId)
    const all = await repository.findFolds(this.parts.db, runId)
    const from = wanted.offset ?? 0
    const part = all.slice(from, wanted.limit === undefined ? undefined : from + wanted.limit)
    return {
      runId: run.run_id,
      folds: part.map((fold) => projected(renderFold(run.run_id, fold), wanted.fields)),
      total: all.length,
      aggregates: aggregatesOf(all),
      gaps: gapsIn(all.map((fold) => fold.fold_number)),
    }
  }

  /** What the last save of this run was answered. @throws DomainError RUN_NOT_FOUND */
  async receipt(runId: string): Promise<RunReceipt> {
    const receipt = UUID.test(runId) ? await repository.findReceipt(this.parts.db, runId) : undefined
    if (!receipt) throw notFound(runId)
    return receipt as unknown as RunReceipt
  }

  /** Streams the prediction rows. @throws DomainError RUN_NOT_FOUND, MEASUREMENT_NOT_FOUND */
  async predictions(
    runId: string,
    format: 'json' | 'csv',
    wanted: PredictionsWanted,
    limits: { readonly signal: AbortSignal; readonly timeoutSeconds: number },
  ): Promise<Readable> {
    return readPredictions(this.parts.questdb, await this.#require(runId), format, wanted, limits)
  }

  async #require(runId: string) {
    const run = UUID.test(runId) ? await repository.findRun(this.parts.db, runId) : undefined
    if (!run) throw notFound(runId)
    return run
  }

  async #foldsOf(runId: string, { limit, offset = 0, fields }: FoldsWanted): Promise<FoldDetail[]> {
    const folds = await repository.findFolds(this.parts.db, runId, { limit, offset })
    return folds.map((fold) => projected(renderFold(runId, fold), fields))
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
}

export interface RunListFilter {
  readonly dataset?: string | undefined
  readonly status?: string | undefined
  readonly measurement?: string | undefined
  readonly search?: string | undefined
}

/** Which folds of a run, by their place in ascending number, and which of their fields (all when not told). */
export interface FoldsWanted {
  readonly limit?: number | undefined
  readonly offset?: number | undefined
  readonly fields?: readonly string[] | undefined
}

export interface FoldsFound {
  readonly runId: string
  readonly folds: FoldDetail[]
  readonly total: number
  readonly aggregates: FoldAggregates
  readonly gaps: { from: number; to: number }[]
}

function notFound(runId: string): DomainError {
  return new DomainError('RUN_NOT_FOUND', `there is no run ${runId}`, { run_id: runId })
}
