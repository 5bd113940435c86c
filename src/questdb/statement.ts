import { refusedStatement } from './failures.js'

/**
 * QuestDB takes SQL only in the URL, and drops the connection without a word when that is longer than about
 * 32 000 bytes (half of its http.request.header.buffer.size). So the length is checked here, once encoded.
 */
const PATH_LIMIT = 31_000

/** How many bytes of encoded SQL fit, with room for the other parameters. */
export const STATEMENT_LIMIT = PATH_LIMIT - 200

/** The path of a request; QUESTDB_REFUSED when it is longer than QuestDB takes. */
export function statementPath(
  endpoint: '/exec' | '/exp' | '/api/v1/sql/validate',
  params: Readonly<Record<string, string>>,
): string {
  const path = `${endpoint}?${encoded(params)}`
  if (path.length <= PATH_LIMIT) return path
  throw refusedStatement(`the statement is ${path.length} bytes long once encoded, and ${PATH_LIMIT} are taken`)
}

export function encodedLength(sql: string): number {
  return encoded({ query: sql }).length
}

function encoded(params: Readonly<Record<string, string>>): string {
  // Commas and brackets may stand as they are, which leaves room for more columns.
  return new URLSearchParams(params).toString().replaceAll('%2C', ',').replaceAll('%28', '(').replaceAll('%29', ')')
}
