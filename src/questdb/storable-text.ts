import { DomainError } from '../errors.js'
import type { ColumnBatch } from '../frames/batch.js'
import { isWritable } from './ilp-cells.js'

/**
 * Refuses text that QuestDB cannot keep: a symbol with U+0000 is refused and a VARCHAR with one breaks its JSON, and half a
 * surrogate pair has no UTF-8. Fails with CELL_INVALID, `row` and `column`.
 */
export function requireStorableTexts(batch: ColumnBatch): void {
  for (const { type, name, values, valid } of batch.columns) {
    if (type !== 'varchar' && type !== 'symbol') continue
    for (let row = 0; row < batch.rows; row++) {
      const text = values[row] as string
      if (isWritable(text)) continue
      if (valid === undefined || valid[row] !== 0) throw unstorableText(batch.firstRow + row, name)
    }
  }
}

/** The refusal of such a text, `row` counted from 0 in the whole frame. */
export function unstorableText(row: number, column: string): DomainError {
  return new DomainError(
    'CELL_INVALID',
    `Row ${row}, column ${JSON.stringify(column)}: the text has a character that cannot be stored (U+0000 or half a surrogate pair).`,
    { row, column },
  )
}
