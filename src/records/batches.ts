/**
 * Rows in batches, each sent by itself: the text of tens of thousands of rows takes so long to make that others would notice.
 * A batch is made when it is asked for.
 */
export function* batchesOf<T>(rows: readonly T[], size: number): Generator<readonly T[]> {
  for (let at = 0; at < rows.length; at += size) yield rows.slice(at, at + size)
}
