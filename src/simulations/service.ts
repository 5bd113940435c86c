import type { DatasetService } from '../datasets/service.js'
import { DomainError } from '../errors.js'
import { recordEvents } from '../events/service.js'
import { firstSent } from '../idempotency/service.js'
import { type Handle, inTransaction } from '../postgres/handle.js'
import { batchesOf } from '../records/batches.js'
import { contentDigest } from '../records/digest.js'
import { isMadeBy } from '../records/made-by.js'
import { olderListLimit, requireOlderList } from '../records/older-list.js'
import { UUID } from '../records/uuid.js'
import { nextTurn } from '../turns.js'
import {
  renderDetail,
  renderSimulation,
  renderTradesimRun,
  type Simulation,
  type SimulationDetail,
  type TradesimRun,
} from './answer.js'
import { renderBucket } from './bucket.js'
import { receiptOf, type SimulationReceipt } from './receipt.js'
import { readSimulation, type SimulationRecord, type SimulationSave } from './record.js'
import * as repository from './repository.js'
import { renderTrade, type TradeDetail } from './trade.js'

const TRADES_AT_ONCE = 2000

interface Page {
  readonly limit: number
  readonly offset: number
}

/**
 * Trading simulations with their buckets and trades.
 *
 * A save is whole or nothing, and never refused for a run or dataset that is not here: the desktop does not notice failures,
 * and its references often arrive later, or name nothing. The client's own words are kept; what they name is worked out at
 * every read (`simulation_catalog`), so that nobody has to tell a simulation of what was saved after it.
 */
export class SimulationService {
  constructor(
    private readonly db: Handle,
    private readonly datasets: DatasetService,
  ) {}

  /** The same save again changes nothing. @throws DomainError COUNT_MISMATCH, REQUEST_INVALID, TIMESTAMP_OUT_OF_RANGE, SUPERSEDED */
  async save(body: SimulationSave, workId?: string): Promise<{ created: boolean; receipt: SimulationReceipt }> {
    if ((body.trades?.length ?? 0) > TRADES_AT_ONCE) await nextTurn()
    const record = readSimulation(body)
    const content_digest = await contentDigest(record)
    return inTransaction(this.db, async (tx) => {
      await repository.lockSimulationId(tx, record.simulation_id)
      const known = await repository.findSave(tx, record.simulation_id)
      const same = known?.content_digest === content_digest
      const sentAt = same ? undefined : await firstSent(tx, workId)
      if (known && sentAt && known.updated_at > sentAt) throw overtaken(record.simulation_id)
      if (!same) await replace(tx, record, { content_digest, made_by: workId })
      const links = await repository.findLinks(tx, record.simulation_id)
      const created = isMadeBy(workId, known)
      if (!same) await recordEvents(tx, [savedEvent(record, created)])
      return { created, receipt: receiptOf(record, links) }
    })
  }

  async list(filter: SimulationListFilter, page: Page): Promise<{ simulations: Simulation[]; total: number }> {
    const { run, dataset, ...rest } = filter
    const wanted = { ...rest, ...runWanted(run), ...(await this.#datasetWanted(dataset)) }
    const [rows, total] = await Promise.all([
      repository.listSimulations(this.db, wanted, page),
      repository.countSimulations(this.db, wanted),
    ])
    return { simulations: rows.map(renderSimulation), total }
  }

  /** @throws DomainError SIMULATION_NOT_FOUND */
  async get(simulationId: string): Promise<SimulationDetail> {
    const stored = await this.#require(simulationId)
    return renderDetail(stored, stored.buckets)
  }

  /** @throws DomainError SIMULATION_NOT_FOUND */
  async trades(
    simulationId: string,
    filter: repository.TradeFilter,
    page: Page,
  ): Promise<{ trades: TradeDetail[]; total: number }> {
    if (!UUID.test(simulationId) || (await repository.findSave(this.db, simulationId)) === undefined)
      throw notFound(simulationId)
    const [rows, total] = await Promise.all([
      repository.listTrades(this.db, simulationId, filter, page),
      repository.countTrades(this.db, simulationId, filter),
    ])
    return { trades: rows.map(renderTrade), total }
  }

  /** The older list: all of them, or the page that was asked for. @throws DomainError REQUEST_INVALID when all are too many */
  async tradesimRuns(page: { limit: number | undefined; offset: number }): Promise<TradesimRun[]> {
    const limit = olderListLimit(page.limit)
    const rows = await repository.listSimulations(this.db, {}, { limit, offset: page.offset })
    requireOlderList(rows, 'simulations', '/api/simulations')
    return rows.map(renderTradesimRun)
  }

  /** The older detail. @throws DomainError SIMULATION_NOT_FOUND */
  async tradesimRun(simulationId: string) {
    const stored = await this.#require(simulationId)
    return { run: renderTradesimRun(stored), buckets: stored.buckets.map(renderBucket) }
  }

  async #require(simulationId: string) {
    const stored = UUID.test(simulationId) ? await repository.findSimulation(this.db, simulationId) : undefined
    if (!stored) throw notFound(simulationId)
    return stored
  }

  async #datasetWanted(
    key: string | undefined,
  ): Promise<Pick<repository.SimulationFilter, 'datasetId' | 'datasetAsSent'>> {
    if (key === undefined) return {}
    const dataset = await this.datasets.find(key)
    return dataset ? { datasetId: dataset.dataset_id } : { datasetAsSent: key }
  }
}

export interface SimulationListFilter {
  readonly run?: string | undefined
  /** Id, alias or slug. */
  readonly dataset?: string | undefined
  readonly status?: string | undefined
  readonly search?: string | undefined
}

function runWanted(key: string | undefined): Pick<repository.SimulationFilter, 'runId' | 'runAsSent'> {
  if (key === undefined) return {}
  return UUID.test(key) ? { runId: key } : { runAsSent: key }
}

async function replace(
  tx: Handle,
  record: SimulationRecord,
  save: Pick<repository.SimulationValues, 'content_digest' | 'made_by'>,
): Promise<void> {
  const { buckets, trades, ...fields } = record
  const id = record.simulation_id
  await repository.upsertSimulation(tx, {
    ...fields,
    config: JSON.stringify(record.config),
    summary_metrics: JSON.stringify(record.summary_metrics),
    extra: JSON.stringify(record.extra),
    trade_count: trades.length,
    ...save,
  })
  await repository.deleteBuckets(tx, id)
  await repository.deleteTrades(tx, id)
  requireWritten('buckets', buckets.length, await repository.insertBuckets(tx, id, buckets))
  let written = 0
  for (const batch of batchesOf(trades, TRADES_AT_ONCE)) {
    if (trades.length > TRADES_AT_ONCE) await nextTurn()
    written += await repository.insertTrades(tx, id, batch)
  }
  requireWritten('trades', trades.length, written)
}

function savedEvent(
  { simulation_id, run_id, dataset_id, status, buckets, trades }: SimulationRecord,
  created: boolean,
) {
  const data = { run_id, dataset_id, status, bucket_count: buckets.length, trade_count: trades.length, created }
  return { topic: 'simulations', type: 'simulation.saved', subject: simulation_id, data } as const
}

function requireWritten(what: string, wanted: number, written: number): void {
  if (written !== wanted) throw new Error(`${wanted} ${what} were to be stored but PostgreSQL took ${written}`)
}

function notFound(simulationId: string): DomainError {
  return new DomainError('SIMULATION_NOT_FOUND', `there is no simulation ${simulationId}`, {
    simulation_id: simulationId,
  })
}

function overtaken(simulationId: string): DomainError {
  const sentence = `simulation ${simulationId} was saved again after this save was first sent; the later one stays`
  return new DomainError('SUPERSEDED', sentence, { simulation_id: simulationId })
}
