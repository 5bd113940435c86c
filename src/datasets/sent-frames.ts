/** The frames that a registration carries: each by one of three fields, or not at all. */
import { DomainError } from '../errors.js'
import type { FrameSource } from '../frames/open.js'
import type { SpooledBody } from '../frames/spooled.js'
import type { FrameKind } from './frame-kind.js'
import { type DatasetWrite, invalid } from './manifest.js'

export const KINDS: readonly FrameKind[] = ['ohlcv', 'indicators']
export const UPLOAD_FIELD = { ohlcv: 'ohlcv_upload_id', indicators: 'indicator_upload_id' } as const

/** The field by which a frame came, if it came. @throws DomainError REQUEST_INVALID when it came by two, or broken */
export function sentAs(kind: FrameKind, body: DatasetWrite, spooled: SpooledBody): string | undefined {
  const fields = [kind, `${kind}_csv`].filter((field) => spooled.members.has(field))
  refuseLiterals(kind, body)
  const all = body[UPLOAD_FIELD[kind]] === undefined ? fields : [...fields, UPLOAD_FIELD[kind]]
  if (all.length > 1) throw invalid(all[0] as string, `one of ${all.join(' and ')}`)
  frameIn(kind, spooled)
  return all[0]
}

/** A number or a truth value is no frame, and so stands among the small members; null says that there is none. */
function refuseLiterals(kind: FrameKind, body: DatasetWrite): void {
  const small: Readonly<Record<string, unknown>> = body
  if ((small[kind] ?? null) !== null) throw invalid(kind, 'an array of row objects')
  if ((small[`${kind}_csv`] ?? null) !== null) throw invalid(`${kind}_csv`, 'text')
}

/** Where a frame lies in the body, if it came in it. @throws DomainError REQUEST_INVALID when it is neither rows nor text */
export function frameIn(kind: FrameKind, spooled: SpooledBody): FrameSource | undefined {
  const rows = spooled.members.get(kind)
  const csv = spooled.members.get(`${kind}_csv`)
  if (rows && rows.kind !== 'array') throw invalid(kind, 'an array of row objects')
  if (csv && csv.kind !== 'string') throw invalid(`${kind}_csv`, 'text')
  if (rows) return { path: spooled.path, format: 'rows', range: { start: rows.start, end: rows.end } }
  if (csv) return { path: spooled.path, format: 'csv', quoted: true, range: { start: csv.start, end: csv.end } }
  return undefined
}

/** @throws DomainError FRAME_UNASKED for frames that nobody said are to be stored */
export function refuseUnasked(frames: readonly FrameKind[], body: DatasetWrite, spooled: SpooledBody): void {
  const [first] = frames
  if (first === undefined) return
  const field = sentAs(first, body, spooled)
  throw new DomainError(
    'FRAME_UNASKED',
    `${field} was sent without record_questdb: true, so it would not be stored; nothing was registered`,
    [{ in: 'body', pointer: '/record_questdb', expected: `true, or no ${field}` }],
  )
}
