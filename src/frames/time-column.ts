import { DomainError } from '../errors.js'
import { describePlace, type Place, RowFault, sentenceAt } from './refusal.js'

/** Names of the column that holds the time, in any case; the first of them that a frame has is it. */
export const TIME_COLUMN_NAMES = [
  'timestamp',
  'timestamp_unix',
  'timestamp_ms',
  'timestamp_seconds',
  'timestamp_unix_s',
  'ts',
  'time',
] as const

/** Where rows have their time: in one column, or in a date and a time of day. Names as the frame spells them. */
export type TimeSource =
  | { readonly kind: 'column'; readonly column: string }
  | { readonly kind: 'date and time'; readonly date: string; readonly time: string }

/**
 * Where the time is among these column names. Units don't come from names: clients put seconds under
 * `timestamp_ms` and milliseconds under `timestamp`, so the magnitude decides (time.ts).
 * Throws `TIMESTAMP_COLUMN_MISSING` when there is none, `FRAME_MALFORMED` when the time comes from one column and
 * another is called `timestamp`, which is the name of the time in every table.
 */
export function findTimeSource(names: readonly string[], chosen: string | undefined, place: Place): TimeSource {
  const byName = new Map(names.map((name) => [name.toLowerCase(), name]))
  const source = chosen === undefined ? findUsual(byName) : findChosen(byName, chosen)
  if (source === undefined) throw timeColumnMissing(names, chosen, place)
  const rival = byName.get('timestamp')
  if (source.kind === 'column' && rival !== undefined && rival !== source.column) throw collision(source, rival, place)
  return source
}

/** True for names that `findTimeSource` may choose from when no column was named. */
export function isTimeName(name: string): boolean {
  const lower = name.toLowerCase()
  return lower === 'date' || TIME_COLUMN_NAMES.some((known) => known === lower)
}

function findChosen(byName: ReadonlyMap<string, string>, chosen: string): TimeSource | undefined {
  const column = byName.get(chosen.toLowerCase())
  return column === undefined ? undefined : { kind: 'column', column }
}

function findUsual(byName: ReadonlyMap<string, string>): TimeSource | undefined {
  const date = byName.get('date')
  for (const name of TIME_COLUMN_NAMES) {
    const column = byName.get(name)
    if (column === undefined) continue
    if (name !== 'time') return { kind: 'column', column }
    return date === undefined ? { kind: 'column', column } : { kind: 'date and time', date, time: column }
  }
  return undefined
}

function timeColumnMissing(names: readonly string[], chosen: string | undefined, place: Place): DomainError {
  const wanted =
    chosen === undefined
      ? `one of ${TIME_COLUMN_NAMES.join(', ')}, or Date and Time, is needed`
      : `${JSON.stringify(chosen)} was named as the time column and is not there`
  const found = names.length === 0 ? 'there are no columns' : `the columns are ${shorten(names)}`
  // Where rows name their own columns, this one may lack what others have.
  const Fault = place.row === undefined ? DomainError : RowFault
  return new Fault('TIMESTAMP_COLUMN_MISSING', sentenceAt(place, `no time column: ${wanted}; ${found}`), {
    ...place,
    accepted: chosen === undefined ? [...TIME_COLUMN_NAMES, 'Date + Time'] : [chosen],
    found: names.slice(0, SHOWN_NAMES),
  })
}

function collision(source: TimeSource & { kind: 'column' }, rival: string, place: Place): DomainError {
  return new DomainError(
    'FRAME_MALFORMED',
    `${describePlace({ ...place, column: rival })}: the time is taken from ${JSON.stringify(source.column)} and will be ` +
      `called "timestamp", so this column needs another name; or choose it as the time column`,
    { ...place, column: rival },
  )
}

const SHOWN_NAMES = 20

function shorten(names: readonly string[]): string {
  const shown = names.slice(0, SHOWN_NAMES).join(', ')
  return names.length > SHOWN_NAMES ? `${shown}, and ${names.length - SHOWN_NAMES} more` : shown
}
