/** What an export was asked for, as SQL. */
import type { components } from '../../generated/api.js'
import { DomainError } from '../errors.js'
import { timeToMicros } from '../frames/time.js'
import { checkedSelect, sqlMistake } from '../questdb/checked-sql.js'
import type { CallOptions, QuestDbClient } from '../questdb/client.js'
import { isReservedName, quoteIdentifier } from '../questdb/names.js'
import { rangedSelect } from '../questdb/row-range.js'
import { tableColumns } from '../questdb/table-states.js'

export type ExportRequest = components['schemas']['ExportRequest']

export interface Selection {
  /** What to send to QuestDB. */
  readonly sql: string
  /** The statement as answers show it: the client's own, or the one made for it. */
  readonly query: string
  /** What a failure of the statement means to whoever asked. */
  readonly explain: (error: unknown) => unknown
}

const OF_MEASUREMENTS = ['columns', 'start_timestamp', 'end_timestamp'] as const

/**
 * @param always looks for mistakes in a client's SQL before anything runs
 * @throws DomainError REQUEST_INVALID, QUERY_REFUSED, SQL_INVALID, MEASUREMENT_NOT_FOUND, TIMESTAMP_OUT_OF_RANGE
 */
export async function selectionOf(
  client: QuestDbClient,
  request: ExportRequest,
  options: CallOptions & { readonly always?: boolean },
): Promise<Selection> {
  const { sql: query, measurement } = request
  if ((query === undefined) === (measurement === undefined))
    throw invalid('/sql', 'either sql or measurement', 'an export names either sql or measurement')
  if (query === undefined) return selectionOfMeasurement(client, measurement as string, request, options)
  const stray = OF_MEASUREMENTS.find((name) => request[name] !== undefined)
  if (stray)
    throw invalid(`/${stray}`, 'nothing beside sql', `${stray} goes with measurement; beside sql, say it in there`)
  const { sql, shift } = await checkedSelect(client, query, options)
  return { sql, query, explain: (error) => sqlMistake(error, shift) }
}

async function selectionOfMeasurement(
  client: QuestDbClient,
  measurement: string,
  request: ExportRequest,
  options: CallOptions,
): Promise<Selection> {
  const fromMicros = micros(request, 'start_timestamp')
  const toMicros = micros(request, 'end_timestamp')
  const stored = isReservedName(measurement) ? null : await tableColumns(client, measurement, options)
  if (!stored) throw new DomainError('MEASUREMENT_NOT_FOUND', `there is no measurement ${measurement}`, { measurement })
  const designated = stored.find((column) => column.designated)?.name
  const names =
    request.columns &&
    chosenNames(
      stored.map(({ name }) => name),
      designated,
      request.columns,
    )
  // All columns by their star: two thousand names are more than a statement may be long.
  const columns = names ? names.map(quoteIdentifier).join(', ') : '*'
  if (designated === undefined) {
    if (fromMicros !== undefined || toMicros !== undefined)
      throw invalid('/start_timestamp', 'none', `${measurement} has no time to choose rows by`)
    return passedOn(`SELECT ${columns} FROM ${quoteIdentifier(measurement)}`)
  }
  return passedOn(rangedSelect({ table: measurement, designated, columns }, { fromMicros, toMicros }).rows)
}

function passedOn(sql: string): Selection {
  return { sql, query: sql, explain: (error) => error }
}

/** The columns in the order in which they were asked for, the time first unless it is named. */
function chosenNames(
  stored: readonly string[],
  designated: string | undefined,
  asked: readonly string[],
): readonly string[] {
  const byLower = new Map(stored.map((name) => [name.toLowerCase(), name]))
  const chosen = asked.map((name, i) => {
    const found = byLower.get(name.toLowerCase())
    if (found !== undefined) return found
    throw invalid(`/columns/${i}`, stored.slice(0, 100).join(', '), `there is no column ${name}`)
  })
  const twice = chosen.findIndex((name, i) => chosen.indexOf(name) < i)
  if (twice >= 0) throw invalid(`/columns/${twice}`, 'each column once', `column ${chosen[twice]} is named twice`)
  return designated === undefined || chosen.includes(designated) ? chosen : [designated, ...chosen]
}

function micros(request: ExportRequest, name: 'start_timestamp' | 'end_timestamp'): bigint | undefined {
  const value = request[name]
  return value === undefined ? undefined : BigInt(timeToMicros(value, undefined, { pointer: `/${name}` }))
}

function invalid(pointer: string, expected: string, sentence: string): DomainError {
  return new DomainError('REQUEST_INVALID', sentence, [{ in: 'body', pointer, expected }])
}
