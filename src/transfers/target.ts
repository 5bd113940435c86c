/** Making a measurement that exists fit for rows that come. */
import { DomainError } from '../errors.js'
import type { ColumnType } from '../frames/batch.js'
import type { QuestDbClient } from '../questdb/client.js'
import { writableAs } from '../questdb/column-types.js'
import type { TableColumn } from '../questdb/table-states.js'
import { addColumns, enableDedup } from '../questdb/tables.js'

/**
 * Adds the columns that are new and turns deduplication on where a client's own writes made the table without it, since
 * sending the same rows again must change nothing.
 * @throws DomainError COLUMN_TYPE_CONFLICT when a column can't take such values
 */
export async function fitTable(
  client: QuestDbClient,
  table: string,
  existing: readonly TableColumn[],
  wanted: readonly { readonly name: string; readonly type: ColumnType }[],
  dedupKeys: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const known = new Map(existing.map((column) => [column.name.toLowerCase(), column]))
  for (const { name, type } of wanted) {
    const column = known.get(name.toLowerCase())
    if (column && writableAs(column.type) !== type)
      throw new DomainError(
        'COLUMN_TYPE_CONFLICT',
        `column ${name} of ${table} is ${column.type} and can't take ${type} values`,
        {
          column: name,
          stored: column.type,
          sent: type,
        },
      )
  }
  await addColumns(
    client,
    table,
    wanted.filter(({ name }) => !known.has(name.toLowerCase())),
    { signal },
  )
  if (existing.some((column) => column.upsertKey)) return
  const designated = existing.find((column) => column.designated)?.name ?? 'timestamp'
  await enableDedup(client, table, dedupKeys, { signal, designated })
}
