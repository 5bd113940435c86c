import { setTimeout as sleep } from 'node:timers/promises'
import { DomainError, diskFull } from '../errors.js'
import type { CallOptions, QuestDbClient } from './client.js'
import { bounded, tellsOfFullDisk, unavailable } from './failures.js'
import { quoteIdentifier, quoteText } from './names.js'

const PAUSES_MS = [1, 2, 5, 10, 20, 50]

/**
 * Waits until every transaction that the table had at the time of the call can be seen by queries; a table without
 * a write-ahead log is always there already.
 *
 * Asks wal_tables() again and again, because QuestDB's own waiting function sleeps on one of its network threads.
 * What has suspended the table may have passed, such as a full disk, which QuestDB does not always name: it is set going again, once.
 * Fails with QUESTDB_UNAVAILABLE or INSUFFICIENT_STORAGE when it is suspended again or `timeoutMs` (60 s) is over, with
 * MEASUREMENT_NOT_FOUND when it is gone, or with the signal's reason.
 */
export async function waitUntilVisible(
  client: QuestDbClient,
  table: string,
  { signal, timeoutMs = 60_000 }: CallOptions = {},
): Promise<void> {
  const giveUpAt = performance.now() + timeoutMs
  let target: number | undefined
  let resumed = false
  for (let turn = 0; ; turn++) {
    const state = await applyState(client, table, signal)
    target ??= state.sequenced
    if (state.applied >= target) return
    if (state.suspended) {
      if (resumed) throw tellsOfFullDisk(state.reason) ? diskFull('QuestDB') : suspended(table, state.reason)
      await client.run(`ALTER TABLE ${quoteIdentifier(table)} RESUME WAL`, { signal })
      resumed = true
    }
    if (performance.now() >= giveUpAt) throw late(table, timeoutMs, target - state.applied)
    await sleep(PAUSES_MS[Math.min(turn, PAUSES_MS.length - 1)], undefined, { signal }).catch(() =>
      signal?.throwIfAborted(),
    )
  }
}

interface ApplyState {
  readonly sequenced: number
  readonly applied: number
  readonly suspended: boolean
  readonly reason: string
}

async function applyState(client: QuestDbClient, table: string, signal: AbortSignal | undefined): Promise<ApplyState> {
  const sql = `SELECT sequencerTxn, writerTxn, suspended, errorTag, errorMessage FROM wal_tables() WHERE lower(name) = ${quoteText(table.toLowerCase())}`
  const [row] = (await client.exec(sql, { signal })).dataset
  if (row === undefined) return withoutLog(client, table, signal)
  const [sequenced, applied, stopped, tag, message] = row
  return {
    sequenced: Number(sequenced),
    applied: Number(applied),
    suspended: stopped === true,
    reason: bounded([tag, message].filter(Boolean).join(': ')),
  }
}

async function withoutLog(client: QuestDbClient, table: string, signal: AbortSignal | undefined): Promise<ApplyState> {
  const sql = `SELECT 1 FROM tables() WHERE lower(table_name) = ${quoteText(table.toLowerCase())}`
  const { dataset } = await client.exec(sql, { signal })
  if (dataset.length > 0) return { sequenced: 0, applied: 0, suspended: false, reason: '' }
  throw new DomainError('MEASUREMENT_NOT_FOUND', `There is no table ${table} to wait for.`, { measurement: table })
}

function suspended(table: string, reason: string): DomainError {
  return unavailable(
    `QuestDB has suspended the table ${table}${reason && ` (${reason})`}: rows are kept but not shown. Remove the cause, which may be a full disk, then send rows again or run ALTER TABLE ${quoteIdentifier(table)} RESUME WAL.`,
    { table, reason },
  )
}

function late(table: string, timeoutMs: number, transactions: number): DomainError {
  return unavailable(
    `The rows of table ${table} are stored but were not visible after ${timeoutMs / 1000} s; QuestDB is behind by ${transactions} transactions.`,
    { table, transactions },
  )
}
