/** Imports as clients make them, and what QuestDB then holds. */
import type { OwnEngines } from './engines.js'
import { eventually } from './eventually.js'
import type { Received, SendOptions, TestClient } from './server.js'

export interface ImportReceipt {
  readonly job_id: string
  readonly status: string
  readonly measurement: string
  readonly rows_received: number
  readonly rows_written: number
  readonly rows_deduplicated: number
  readonly rows_rejected: number
  readonly rejected: readonly RejectedRow[]
  readonly rejected_url?: string
  readonly total_rows: number
  readonly first_ts: string
  readonly last_ts: string
  readonly first_ts_ms: number
  readonly last_ts_ms: number
  readonly bytes: number
  readonly digest: string
  readonly seconds: number
  readonly readable_at: string
  readonly warnings: readonly string[]
}

export interface RejectedRow {
  readonly line?: number
  readonly row?: number
  readonly column?: string
  readonly value: string
  readonly expected: string
  readonly message: string
}

export interface Job {
  readonly job_id: string
  readonly type: string
  readonly job_type: string
  readonly status: string
  readonly progress: number
  readonly total: number
  readonly unit: string
  readonly phase: string
  readonly progress_pct: number
  readonly message: string
  readonly error: string
  readonly error_code: string
  readonly payload: Record<string, unknown>
  readonly result: Record<string, unknown>
  readonly attempts: number
  readonly created_at: string
  readonly started_at: string
  readonly completed_at: string
}

export interface Problem {
  readonly code: string
  readonly message: string
  readonly details: Record<string, unknown>
}

/** Posts a CSV as it is; `more` are further query parameters. */
export function postCsv(
  client: TestClient,
  measurement: string,
  csv: string | Uint8Array,
  more: Readonly<Record<string, string>> = {},
  options: SendOptions & { readonly async?: boolean } = {},
): Promise<Received> {
  const query = new URLSearchParams({ measurement, ...more })
  const path = `/api/questdb/import${options.async ? '/async' : ''}?${query}`
  return client.send('POST', path, { ...options, body: csv, media: 'text/csv' })
}

/** Posts a CSV and expects that it is stored. */
export async function importCsv(
  client: TestClient,
  measurement: string,
  csv: string | Uint8Array,
  more: Readonly<Record<string, string>> = {},
): Promise<ImportReceipt> {
  const answer = await postCsv(client, measurement, csv, more)
  if (answer.status !== 200) throw new Error(`${answer.status}: ${answer.text}`)
  return answer.json as ImportReceipt
}

export async function jobOf(client: TestClient, jobId: string): Promise<Job> {
  return (await client.get(`/api/jobs/${jobId}`)).json as Job
}

/** Polls a job until it has ended; `onState` sees every state on the way. */
export async function ended(
  client: TestClient,
  jobId: string,
  limitMs = 20_000,
  onState: (job: Job) => void = () => {},
): Promise<Job> {
  let last: Job | undefined
  try {
    return await eventually(
      `job ${jobId} ends`,
      async () => {
        last = await jobOf(client, jobId)
        onState(last)
        return ['COMPLETED', 'FAILED', 'CANCELLED'].includes(last.status) ? last : undefined
      },
      limitMs,
    )
  } catch (error) {
    throw new Error(`${(error as Error).message}; it was ${JSON.stringify(last)}`, { cause: error })
  }
}

/** All rows in the order of time, as arrays of cells; longs are text with all their digits. */
export async function storedRows(engines: OwnEngines, measurement: string, columns = '*'): Promise<unknown[][]> {
  const { dataset } = await engines.questdb.exec(`SELECT ${columns} FROM "${measurement}" ORDER BY timestamp`)
  return dataset.map((row) => [...row])
}

/** The column types by name; undefined when there is no such measurement. */
export async function storedTypes(
  engines: OwnEngines,
  measurement: string,
): Promise<Record<string, string> | undefined> {
  const { dataset } = await engines.questdb.exec(
    `SELECT table_name FROM tables() WHERE lower(table_name) = '${measurement.toLowerCase()}'`,
  )
  if (dataset.length === 0) return undefined
  const columns = await engines.questdb.exec(`SELECT "column", "type" FROM table_columns('${measurement}')`)
  return Object.fromEntries(columns.dataset.map(([name, type]) => [name, type]))
}

export async function rowCount(engines: OwnEngines, measurement: string): Promise<number | undefined> {
  if (!(await storedTypes(engines, measurement))) return undefined
  const { dataset } = await engines.questdb.exec(`SELECT count() FROM "${measurement}"`)
  return Number(dataset[0]?.[0])
}
