/** Lists that come in pages, as one sequence. */
import type { paths } from './api.js'
import { dataOf, type Schemas, type Stage1 } from './client.js'

export interface PageOptions {
  /** Items a request. */
  readonly pageSize?: number
  readonly signal?: AbortSignal
}

const ITEMS_A_PAGE = 200
const ROWS_A_PAGE = 10_000

export type DatasetFilters = Omit<NonNullable<paths['/api/datasets']['get']['parameters']['query']>, 'limit' | 'offset'>

/**
 * All datasets, newest first, that pass the filters of `GET /api/datasets`. One that is saved meanwhile may push another onto the next
 * page, where it comes again.
 */
export function datasets(
  client: Stage1,
  { filters = {}, ...options }: PageOptions & { readonly filters?: DatasetFilters } = {},
): AsyncGenerator<Schemas['Dataset']> {
  return paged(options, async (page, init) => {
    const query = { ...filters, ...page }
    const list = dataOf(await client.api.GET('/api/datasets', { params: { query }, ...init }))
    return { items: list.datasets, more: list.has_more }
  })
}

export type RunFilters = Omit<NonNullable<paths['/api/runs']['get']['parameters']['query']>, 'limit' | 'offset'>

/** All runs, newest first, that pass the filters of `GET /api/runs`; see `datasets` for runs that are saved meanwhile. */
export function runs(
  client: Stage1,
  { filters = {}, ...options }: PageOptions & { readonly filters?: RunFilters } = {},
): AsyncGenerator<Schemas['Run']> {
  return paged(options, async (page, init) => {
    const query = { ...filters, ...page }
    const list = dataOf(await client.api.GET('/api/runs', { params: { query }, ...init }))
    return { items: list.runs, more: list.has_more }
  })
}

/** The folds of a run, by their number. */
export function folds(
  client: Stage1,
  run_id: string,
  options: PageOptions = {},
): AsyncGenerator<Schemas['FoldDetail']> {
  return paged(options, async (query, init) => {
    const answer = await client.api.GET('/api/runs/{run_id}/folds', { params: { path: { run_id }, query }, ...init })
    const list = dataOf(answer)
    return { items: list.folds, more: list.has_more }
  })
}

export type PredictionRow = Readonly<Record<string, unknown>>

/**
 * The predictions of a run in the order of time and fold, each as an object by column name; times in `timestamp_ms`, Unix ms. Whole numbers
 * beyond 2^53 are rounded, as JSON's are in JavaScript; `readTable` keeps them.
 */
export function predictionRows(
  client: Stage1,
  run_id: string,
  options: PageOptions = {},
): AsyncGenerator<PredictionRow> {
  return paged({ pageSize: ROWS_A_PAGE, ...options }, async (query, init) => {
    const params = { path: { run_id }, query }
    const answer = await client.api.GET('/api/runs/{run_id}/predictions', { params, ...init })
    const { columns, dataset, has_more } = dataOf(answer) as Schemas['PredictionTable']
    const items = dataset.map((row) => Object.fromEntries(columns.map((name, at) => [name, row[at]])))
    return { items, more: has_more === true }
  })
}

interface Page<T> {
  readonly items: readonly T[]
  readonly more: boolean
}

type Load<T> = (query: { limit: number; offset: number }, init: { signal?: AbortSignal }) => Promise<Page<T>>

async function* paged<T>({ pageSize = ITEMS_A_PAGE, signal }: PageOptions, load: Load<T>): AsyncGenerator<T> {
  for (let offset = 0; ; ) {
    const { items, more } = await load({ limit: pageSize, offset }, signal ? { signal } : {})
    yield* items
    offset += items.length
    if (!more || items.length === 0) return
  }
}
