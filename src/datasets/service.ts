import { createHash, randomUUID } from 'node:crypto'
import { DomainError } from '../errors.js'
import { recordEvents } from '../events/service.js'
import { optionalTimeToMillis } from '../frames/time.js'
import type { QuestDbService } from '../measurements/service.js'
import { type Handle, inTransaction } from '../postgres/handle.js'
import { isReservedName } from '../questdb/names.js'
import { isMadeBy } from '../records/made-by.js'
import { olderListLimit, requireOlderList } from '../records/older-list.js'
import { UUID } from '../records/uuid.js'
import type { LoadResult } from '../transfers/service.js'
import {
  type Dataset,
  type DatasetManifest,
  type NamedTables,
  renderDataset,
  renderManifest,
  renderState,
  type States,
  type StoredDataset,
} from './answer.js'
import { type FrameKind, measurementOf } from './frame-kind.js'
import { canonicalGranularity } from './granularity.js'
import { type DatasetFacts, type DatasetWrite, readManifest } from './manifest.js'
import { mergeFacts } from './merge.js'
import { type IndicatorDataset, renderIndicatorDataset } from './older-shapes.js'
import * as repository from './repository.js'

export type { Dataset, NamedTables, StoredDataset } from './answer.js'
export type { DatasetWrite } from './manifest.js'

/** How long an answer waits for QuestDB's figures before it does without. */
const STATE_LIMIT_MS = 2000

/** Datasets: registered by slug, found by id, alias or slug, shown with live figures. */
export class DatasetService {
  constructor(
    private readonly db: Handle,
    private readonly measurements: QuestDbService,
  ) {}

  /**
   * Registers a dataset, or registers it again (see `mergeFacts`).
   * @throws DomainError REQUEST_INVALID, TIMESTAMP_OUT_OF_RANGE, DATASET_ID_IN_USE
   */
  async save(body: DatasetWrite, workId?: string): Promise<{ created: boolean; dataset: Dataset }> {
    const created = await this.register(body, workId)
    return { created, dataset: await this.get(body.dataset_slug) }
  }

  /**
   * Registers like `save`; true when the dataset is new, or was made by the same work before.
   * @param alongside runs in the registration's transaction: when it throws, nothing is registered
   */
  async register(
    body: DatasetWrite,
    workId: string | undefined,
    alongside: (tx: Handle, registered: NamedTables) => Promise<void> = async () => {},
  ): Promise<boolean> {
    const facts = readManifest(body)
    const id = requireId(body)
    const createdAt = optionalTimeToMillis(body.created_at, { pointer: '/created_at' })
    return inTransaction(this.db, async (tx) => {
      const { created, registered } = await register(
        tx,
        body.dataset_slug,
        { id, workId },
        facts,
        createdAt === null ? undefined : new Date(createdAt),
      )
      await alongside(tx, registered)
      await recordEvents(tx, [datasetEvent('registered', registered, { dataset_slug: body.dataset_slug, created })])
      return created
    })
  }

  /** Tells that a frame of the dataset has other rows than before, and of the job that has loaded them. */
  async tellRowsChanged(
    dataset: StoredDataset,
    kind: FrameKind,
    { rowsWritten, totalRows }: Pick<LoadResult, 'rowsWritten' | 'totalRows'>,
    jobId?: string,
  ): Promise<void> {
    const { dataset_slug } = dataset
    const measurement = measurementOf(dataset, kind)
    const change = { dataset_slug, frame: kind, measurement, rows_written: rowsWritten, total_rows: totalRows }
    const event = datasetEvent('rows_changed', dataset, change)
    await inTransaction(this.db, (tx) => recordEvents(tx, [{ ...event, ...(jobId !== undefined && { jobId }) }]))
  }

  /** The dataset that a registration would lead to; nothing is stored. @throws DomainError as `save` does */
  async foresee(body: DatasetWrite): Promise<NamedTables> {
    const facts = readManifest(body)
    const id = requireId(body)
    optionalTimeToMillis(body.created_at, { pointer: '/created_at' })
    await refuseForeignId(this.db, body.dataset_slug, id)
    const known = await repository.findBySlug(this.db, body.dataset_slug)
    return known
      ? { ...mergeFacts(body.dataset_slug, known, facts), dataset_id: known.dataset_id }
      : { ...withDefaults(body.dataset_slug, facts), dataset_id: id ?? '' }
  }

  /** One dataset with the state of its tables. @throws DomainError DATASET_NOT_FOUND */
  async get(key: string): Promise<Dataset> {
    const stored = await this.require(key)
    const states = await this.#states([stored])
    return { ...renderDataset(stored, states), questdb_state: renderState(stored, states) }
  }

  /** The manifest of a dataset with live figures. @throws DomainError DATASET_NOT_FOUND */
  async manifest(key: string): Promise<DatasetManifest> {
    const stored = await this.require(key)
    return renderManifest(stored, await this.#states([stored]))
  }

  /** Counts and bounds of the tables; nothing is said of one without rows. */
  async figures(tables: NamedTables, signal: AbortSignal): Promise<repository.DatasetFigures> {
    const bounds = (measurement: string) => this.measurements.bounds(measurement, signal)
    const [ohlcv, indicator] = await Promise.all([
      bounds(tables.ohlcv_measurement),
      bounds(tables.indicator_measurement),
    ])
    return {
      ...(ohlcv && { ohlcv_row_count: ohlcv.rows, first_ohlcv_ts: ohlcv.firstMs, last_ohlcv_ts: ohlcv.lastMs }),
      ...(indicator && {
        indicator_row_count: indicator.rows,
        first_indicator_ts: indicator.firstMs,
        last_indicator_ts: indicator.lastMs,
      }),
    }
  }

  /** Takes figures as the registered ones, for as long as the dataset still names the tables that they are of. */
  async storeFigures(tables: NamedTables, figures: repository.DatasetFigures, db: Handle = this.db): Promise<void> {
    await repository.updateFigures(db, tables, figures)
  }

  /** The datasets that a filter lets through, newest first; a granularity may be spelled in any way. */
  async list(
    wanted: repository.DatasetFilter,
    page: { limit: number; offset: number },
  ): Promise<{ datasets: Dataset[]; total: number }> {
    const { granularity } = wanted
    const filter = granularity === undefined ? wanted : { ...wanted, granularity: canonicalGranularity(granularity) }
    const [datasets, total] = await Promise.all([this.#page(filter, page), repository.countDatasets(this.db, filter)])
    return { datasets, total }
  }

  /** The older list; whole unless a limit is given. @throws DomainError REQUEST_INVALID when it is too long to be sent whole */
  async indicatorDatasets(page: { limit: number | undefined; offset: number }): Promise<IndicatorDataset[]> {
    const datasets = await this.#page({}, { limit: olderListLimit(page.limit), offset: page.offset })
    requireOlderList(datasets, 'datasets', '/api/datasets')
    return datasets.map(renderIndicatorDataset)
  }

  /** The older detail. @throws DomainError DATASET_NOT_FOUND */
  async indicatorDataset(key: string): Promise<IndicatorDataset> {
    return renderIndicatorDataset(await this.get(key))
  }

  /** The stored dataset behind an id, an alias or a slug. @throws DomainError DATASET_NOT_FOUND */
  async require(key: string): Promise<StoredDataset> {
    const stored = await this.find(key)
    if (!stored)
      throw new DomainError(
        'DATASET_NOT_FOUND',
        `there is no dataset ${key}; register it with POST /api/datasets first`,
        {
          dataset_id: key,
        },
      )
    return stored
  }

  async find(key: string): Promise<StoredDataset | undefined> {
    const byId = UUID.test(key) ? await repository.findById(this.db, key) : undefined
    return byId ?? repository.findBySlug(this.db, key)
  }

  /** The ids of all datasets whose slug contains this text. */
  idsBySlugPart(text: string): Promise<string[]> {
    return repository.findIdsBySlugPart(this.db, text)
  }

  /** Whether a dataset names this measurement as one of its frames. */
  async names(measurement: string): Promise<boolean> {
    return (await repository.findByMeasurement(this.db, measurement)) !== undefined
  }

  async #page(filter: repository.DatasetFilter, page: { limit: number; offset: number }): Promise<Dataset[]> {
    const rows = await repository.listDatasets(this.db, filter, page)
    const states = rows.length > 0 ? await this.#states(rows) : undefined
    return rows.map((row) => renderDataset(row, states))
  }

  async #states(stored: readonly StoredDataset[]): Promise<States> {
    const names = stored.flatMap((dataset) => [dataset.ohlcv_measurement, dataset.indicator_measurement])
    try {
      return await this.measurements.states(names, { timeoutMs: STATE_LIMIT_MS })
    } catch {
      return undefined
    }
  }
}

function datasetEvent(what: string, { dataset_id }: Pick<NamedTables, 'dataset_id'>, data: Record<string, unknown>) {
  return { topic: 'datasets', type: `dataset.${what}`, subject: dataset_id, data } as const
}

async function register(
  tx: Handle,
  slug: string,
  { id, workId }: { readonly id: string | undefined; readonly workId: string | undefined },
  facts: DatasetFacts,
  createdAt: Date | undefined,
): Promise<{ created: boolean; registered: NamedTables }> {
  await repository.lockRegistrations(tx)
  await refuseForeignId(tx, slug, id)
  const own = { dataset_id: id ?? randomUUID(), dataset_slug: slug, made_by: workId }
  const fresh = { ...own, ...columnsOf(withDefaults(slug, facts)) }
  const made = await repository.insertDataset(tx, fresh, createdAt)
  if (made) return { created: true, registered: made }

  const known = await repository.lockBySlug(tx, slug)
  if (!known) throw new Error(`dataset ${slug} is neither new nor known`)
  const registered = await repository.updateDataset(tx, known.dataset_id, columnsOf(mergeFacts(slug, known, facts)))
  if (id && id !== known.dataset_id) await repository.insertAlias(tx, id, known.dataset_id)
  return { created: isMadeBy(workId, known), registered }
}

/** The client's id. @throws DomainError REQUEST_INVALID when it is no UUID */
function requireId(body: DatasetWrite): string | undefined {
  const id = body.dataset_id?.toLowerCase()
  if (!id || UUID.test(id)) return id || undefined
  throw new DomainError('REQUEST_INVALID', 'dataset_id: expected a UUID', [
    { in: 'body', pointer: '/dataset_id', expected: 'a UUID' },
  ])
}

async function refuseForeignId(db: Handle, slug: string, id: string | undefined): Promise<void> {
  const holder = id && (await repository.findSlugOfId(db, id))
  const namesake = UUID.test(slug) ? await repository.findSlugOfId(db, slug) : undefined
  if (namesake !== undefined && namesake !== slug)
    throw new DomainError('DATASET_ID_IN_USE', `dataset_slug ${slug} is the id of dataset ${namesake}`, {
      dataset_slug: namesake,
    })
  if (!id || holder === undefined || holder === slug) return
  throw new DomainError(
    'DATASET_ID_IN_USE',
    `dataset_id ${id} belongs to dataset ${holder}; it can't name ${slug} too`,
    { dataset_id: id, dataset_slug: holder },
  )
}

/** A dataset that names no measurements gets those that the desktop would show for its slug. */
function withDefaults(slug: string, facts: DatasetFacts): DatasetFacts {
  const stem = tableStem(slug)
  return {
    ...facts,
    symbol: facts.symbol || slug,
    granularity: facts.granularity || 'unknown',
    ohlcv_measurement: facts.ohlcv_measurement || `${stem}_ohlcv`,
    indicator_measurement: facts.indicator_measurement || `${stem}_ind`,
  }
}

/**
 * The beginning of the slug's table names: the slug itself where it is one. Where it had to be changed, or differs from
 * another slug by case alone (which QuestDB's names do not tell apart), a digest keeps it apart from its likes.
 */
function tableStem(slug: string): string {
  if (/^[a-z_][a-z0-9_]*$/.test(slug) && !isReservedName(slug)) return slug
  const plain = slug.replace(/[^A-Za-z0-9_]/g, '_').slice(0, 100)
  const digest = createHash('sha256').update(slug).digest('hex').slice(0, 6)
  const apart = `${plain}_${digest}`
  return /^[0-9]/.test(plain) || isReservedName(apart) ? `_${apart}` : apart
}

/** Just the columns, whatever else the value carries. */
function columnsOf(facts: DatasetFacts) {
  return {
    symbol: facts.symbol,
    granularity: facts.granularity,
    source: facts.source,
    bar_interval_ms: facts.bar_interval_ms,
    lookback_rows: facts.lookback_rows,
    ohlcv_measurement: facts.ohlcv_measurement,
    indicator_measurement: facts.indicator_measurement,
    ohlcv_row_count: facts.ohlcv_row_count,
    indicator_row_count: facts.indicator_row_count,
    first_ohlcv_ts: facts.first_ohlcv_ts,
    last_ohlcv_ts: facts.last_ohlcv_ts,
    first_indicator_ts: facts.first_indicator_ts,
    last_indicator_ts: facts.last_indicator_ts,
    metadata: JSON.stringify(facts.metadata),
  }
}
