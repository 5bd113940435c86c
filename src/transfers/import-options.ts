/** What a client may say of an import beside its frame, and the load that this makes. */
import type { operations } from '../../generated/api.js'
import { DomainError } from '../errors.js'
import type { FrameSource } from '../frames/open.js'
import { KNOWN_TYPES } from './known-types.js'
import type { LoadRequest } from './loader.js'

type ImportQuery = NonNullable<operations['importFrame']['parameters']['query']>

/** As the contract calls them; absent where the client said nothing. */
export type ImportOptions = Omit<ImportQuery, 'measurement'>

export function importLoad(target: string, source: FrameSource, options: ImportOptions): LoadRequest {
  const { timestamp_column, timestamp_unit, mode, partition_by, on_duplicate } = options
  const keys = keysIn(options.dedup_keys)
  return {
    source,
    target,
    mode: mode ?? 'append',
    dedupKeys: ['timestamp', ...(keys ?? [])],
    dedupKeysIfPresent: keys ? [] : ['fold_number', 'trade_index'],
    partitionBy: partition_by ?? 'MONTH',
    declared: { ...(keys && { dedupKeys: keys }), ...(partition_by && { partitionBy: partition_by }) },
    onDuplicate: on_duplicate ?? 'refuse',
    types: KNOWN_TYPES,
    otherwise: 'infer',
    required: keys ?? [],
    filled: [],
    renamed: new Map(),
    ...(timestamp_column === undefined ? {} : { timestampColumn: timestamp_column }),
    ...(timestamp_unit === undefined ? {} : { timestampUnit: timestamp_unit }),
  }
}

/**
 * The lower-case names in a list of key columns, without the time, which is always a key; undefined when there is no list.
 * @throws DomainError REQUEST_INVALID for an empty name
 */
export function keysIn(list: string | undefined): string[] | undefined {
  if (list === undefined) return undefined
  const names = list.split(',').map((name) => name.trim().toLowerCase())
  if (names.includes(''))
    throw new DomainError('REQUEST_INVALID', `dedup_keys: a name is missing in "${list.slice(0, 200)}"`, [
      { pointer: '/dedup_keys', expected: 'column names with commas between them' },
    ])
  return [...new Set(names)].filter((name) => name !== 'timestamp')
}
