/**
 * Parquet files that QuestDB reads by itself, from its folder `cairo.sql.copy.root`. It reads them with native code, so only
 * files that this server has written may lie there, never a client's bytes.
 */
import { type DomainError, isDomainError } from '../errors.js'
import type { CallOptions, ExecResult, QuestDbClient } from './client.js'
import { unavailable } from './failures.js'
import { quoteIdentifier, quoteText } from './names.js'
import { untilStored } from './retry.js'

/**
 * Adds the rows of a file to a table as one transaction. The file has the table's columns in the table's order; of two rows
 * with the same keys the later one stays. An engine that is sick or away is tried again for 20 s, which the deduplication of
 * the table makes safe. The rows are then stored, and not yet visible.
 *
 * Fails with QUESTDB_REFUSED (no such file, other columns, …), QUESTDB_UNAVAILABLE or the signal's reason.
 */
export async function insertParquet(
  client: QuestDbClient,
  file: string,
  table: string,
  { signal }: { readonly signal: AbortSignal },
): Promise<void> {
  // Names of columns would not fit into a statement for wide tables, so they go by their order.
  const statement = `INSERT ATOMIC INTO ${quoteIdentifier(table)} SELECT * FROM read_parquet(${quoteText(file)})`
  await untilStored(() => attempt(client, statement, signal), { signal })
}

/** The rows of a file. Fails as `exec` does, with QUESTDB_REFUSED when QuestDB does not find the file. */
export function selectParquet(client: QuestDbClient, file: string, options: CallOptions = {}): Promise<ExecResult> {
  return client.exec(`SELECT * FROM read_parquet(${quoteText(file)})`, options)
}

async function attempt(
  client: QuestDbClient,
  statement: string,
  signal: AbortSignal,
): Promise<DomainError | undefined> {
  try {
    await client.run(statement, { signal })
    return undefined
  } catch (error) {
    signal.throwIfAborted()
    if (isDomainError(error, 'TIME_LIMIT')) return unavailable('QuestDB did not take the rows in time.')
    if (isDomainError(error, 'QUESTDB_UNAVAILABLE')) return error
    throw error
  }
}
