import { DomainError } from '../errors.js'
import { jsonInText } from '../records/storable.js'

/**
 * Names under which some clients send a fold's figures beside `metrics` and `thresholds` instead of inside them, by the names
 * that the figures have inside. Besides the wire names these are the members of the desktop's own struct.
 */
const METRICS = [
  'hit_rate',
  'short_hit_rate',
  'profit_factor_test',
  'profit_factor_train',
  'profit_factor_short_train',
  'profit_factor_short_test',
  'n_signals',
  'n_short_signals',
  'signal_sum',
  'short_signal_sum',
  'signal_rate',
  'short_signal_rate',
  'avg_return_on_signals',
  'median_return_on_signals',
  'std_return_on_signals',
  'avg_return_on_short_signals',
  'avg_predicted_return_on_signals',
  'running_sum',
  'running_sum_short',
  'running_sum_dual',
  'sum_wins',
  'sum_losses',
  'sum_short_wins',
  'sum_short_losses',
  'model_learned_nothing',
  'used_cached_model',
]

export const METRICS_OUTSIDE: Readonly<Record<string, string>> = {
  profit_factor: 'profit_factor_test',
  ...Object.fromEntries(METRICS.map((name) => [name, name])),
}

export const THRESHOLDS_OUTSIDE: Readonly<Record<string, string>> = {
  thresholds_long: 'long_optimal',
  threshold_long: 'long_optimal',
  long_threshold: 'long_optimal',
  long_threshold_optimal: 'long_optimal',
  thresholds_short: 'short_optimal',
  threshold_short: 'short_optimal',
  short_threshold: 'short_optimal',
  short_threshold_optimal: 'short_optimal',
  prediction_threshold_scaled: 'prediction_scaled',
  prediction_threshold_original: 'prediction_original',
  dynamic_positive_threshold: 'dynamic_positive',
  short_threshold_scaled: 'short_scaled',
  short_threshold_original: 'short_original',
  long_threshold_95th: 'long_percentile',
  short_threshold_5th: 'short_percentile',
}

/** Whether a fold's own key holds a figure that belongs into `metrics` or `thresholds`. */
export function isFigure(key: string, value: unknown): boolean {
  const named = Object.hasOwn(METRICS_OUTSIDE, key) || Object.hasOwn(THRESHOLDS_OUTSIDE, key)
  return named && (typeof value === 'number' || typeof value === 'boolean')
}

/** The object, or what its spelling as JSON text holds. @throws DomainError REQUEST_INVALID for text that holds no object */
export function objectOr(
  value: Record<string, unknown> | undefined,
  text: unknown,
  pointer: string,
): Record<string, unknown> {
  if (value !== undefined || text === undefined || text === null || text === '') return value ?? {}
  const parsed = jsonInText(String(text), pointer)
  if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed as Record<string, unknown>
  throw expected(pointer, 'text that holds a JSON object')
}

/** Refuses what the contract refuses outside of text: a known figure that is no number. @throws DomainError REQUEST_INVALID */
export function requireFigures(figures: Record<string, unknown>, pointer: string): Record<string, unknown> {
  for (const [key, value] of Object.entries(figures)) {
    const known = Object.hasOwn(METRICS_OUTSIDE, key) || Object.values(THRESHOLDS_OUTSIDE).includes(key)
    if (known && !['number', 'boolean'].includes(typeof value)) throw expected(`${pointer}/${key}`, 'a number')
  }
  return figures
}

/** The list, or what its spelling as JSON text holds. @throws DomainError REQUEST_INVALID for text that holds no list of text */
export function textsOr(value: readonly string[] | undefined, text: unknown, pointer: string): readonly string[] {
  if (value !== undefined || text === undefined || text === null || text === '') return value ?? []
  const parsed = jsonInText(String(text), pointer)
  if (Array.isArray(parsed) && parsed.every((item) => typeof item === 'string')) return parsed
  throw expected(pointer, 'text that holds a JSON array of texts')
}

/** A row's place as a client that writes it without schema does; 0 when it is absent. @throws DomainError REQUEST_INVALID */
export function wholeOr0(value: unknown, pointer: string): number {
  if (value === undefined || value === null || value === '') return 0
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value
  if (Number.isSafeInteger(number) && (number as number) >= 0) return number as number
  throw expected(pointer, 'a whole number of 0 or more')
}

function expected(pointer: string, what: string): DomainError {
  return new DomainError('REQUEST_INVALID', `${pointer}: expected ${what}`, [{ in: 'body', pointer, expected: what }])
}
