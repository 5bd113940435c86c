/** Length of a bar as text: one spelling for each length, so that `240m` and `4h` are found by the same filter. */
const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
}

/** Ten years; no bar is longer. */
const LONGEST_MS = 3653 * 86_400_000

/** `240m` → `4h`, `60min` → `1h`; what is no length (`unknown`, free text) stays as it is. */
export function canonicalGranularity(text: string): string {
  const length = granularityMs(text)
  return length > 0 ? granularityOf(length) : text
}

/** The length in ms, or 0 when the text names none. */
export function granularityMs(text: string): number {
  const match = /^(\d{1,12})\s*(ms|s|sec|m|min|h|d|w)$/i.exec(text.trim())
  if (!match) return 0
  const unit = (match[2] as string).toLowerCase().replace('sec', 's').replace('min', 'm')
  const length = Number(match[1]) * (UNIT_MS[unit] as number)
  return length <= LONGEST_MS ? length : 0
}

/** The spelling with the largest unit that divides the length, days at most. */
function granularityOf(ms: number): string {
  for (const unit of ['d', 'h', 'm', 's']) {
    const length = UNIT_MS[unit] as number
    if (ms % length === 0) return `${ms / length}${unit}`
  }
  return `${ms}ms`
}
