import { DomainError, type ErrorCode } from '../errors.js'

/**
 * Where a value stood. `line` is the 1-based line of a text file (its header is line 1), `row` the 0-based
 * row of a JSON array, `pointer` an RFC 6901 pointer into a request body.
 */
export interface Place {
  readonly line?: number
  readonly row?: number
  readonly column?: string
  readonly pointer?: string
}

/** Why one value was not taken. It knows no place: whoever read the value does. */
export interface Refusal {
  readonly code: ErrorCode
  /** What to tell the user, without the place. */
  readonly sentence: string
  readonly expected: string
}

/** What is wrong with one row and says nothing against the others. Its details have the place, and `value` and `expected` where there are such. */
export class RowFault extends DomainError {}

const SHOWN_CHARACTERS = 80

export function describePlace(place: Place): string {
  const parts: string[] = []
  if (place.line !== undefined) parts.push(`line ${place.line}`)
  if (place.row !== undefined) parts.push(`row ${place.row}`)
  if (place.column !== undefined) parts.push(`column ${JSON.stringify(place.column)}`)
  if (place.pointer !== undefined) parts.push(place.pointer)
  return parts.join(', ')
}

/** The sentence with its place before it, if it has one. */
export function sentenceAt(place: Place, sentence: string): string {
  const where = describePlace(place)
  return where === '' ? sentence : `${where}: ${sentence}`
}

/** A value as a sentence shows it: text quoted and cut to a readable length, objects only by their kind. */
export function showValue(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(clip(value))
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'object' && value !== null) return 'an object'
  return String(value)
}

/** The refusal of a value as the usual "expected …, got …" sentence. */
export function unexpected(value: unknown, expected: string): Refusal {
  return { code: 'CELL_INVALID', sentence: `expected ${expected}, got ${showValue(value)}`, expected }
}

/** The error for a frame that is not what its format says, whose details tell where. */
export function frameMalformed(sentence: string, details: Readonly<Record<string, unknown>> = {}): DomainError {
  return new DomainError('FRAME_MALFORMED', sentence, details)
}

/** The error for a refused value: the sentence with its place, and details `{…place, value, expected}`. */
export function refusedAt(place: Place, value: unknown, refusal: Refusal): RowFault {
  return new RowFault(refusal.code, sentenceAt(place, refusal.sentence), {
    ...place,
    value: detailValue(value),
    expected: refusal.expected,
  })
}

function detailValue(value: unknown): unknown {
  if (typeof value === 'string') return clip(value)
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  if (typeof value === 'boolean' || value === null) return value
  return showValue(value)
}

function clip(text: string): string {
  return text.length <= SHOWN_CHARACTERS ? text : `${text.slice(0, SHOWN_CHARACTERS)}…`
}
