import { DomainError, diskFull } from '../errors.js'

/**
 * What a failure of QuestDB means. Three kinds matter to whoever asked:
 *
 *  - QUESTDB_REFUSED: the statement or the rows are wrong; asking again changes nothing. The engine's own text
 *    and position go along, because nobody else can say what is wrong.
 *  - TIME_LIMIT: the engine gave the query up by its own clock.
 *  - INSUFFICIENT_STORAGE: the engine's disk is full; asking later helps when somebody has made room.
 *  - QUESTDB_UNAVAILABLE: no engine, a sick one, or something that is not QuestDB; asking later may help.
 *
 * The engine's text is cut at 2 kB: an error repeats the statement, and a statement may be 30 kB. Paths of its machine are left out.
 */
const TEXT_LIMIT = 2_048

export function bounded(text: string): string {
  const shown = text.replaceAll(/(?<=[ =])(?:\/[\w.~-]+){2,}/g, '…')
  return shown.length <= TEXT_LIMIT ? shown : `${shown.slice(0, TEXT_LIMIT)}…`
}

/** ENOSPC in the words of QuestDB, in whatever answer it stands, and the tag of a table that was suspended by it. */
export function tellsOfFullDisk(text: string): boolean {
  return /errno[=:] ?28\b|^\[28\] |No space left \[size=|^DISK FULL/.test(text)
}

/** A statement that was right and failed for want of a file: QuestDB calls that a fault of the statement. */
function tellsOfFiles(text: string): boolean {
  return /could not (open|create|allocate|extend|mmap|truncate|rename|write|append)\b.*\[(file|path|size)=/i.test(text)
}

/** The error for an SQL answer that is not a success: `status` and the whole (or the first part of the) body. */
export function failedStatement(status: number, body: string): DomainError {
  if (status === 401) return wrongCredentials()
  const told = errorIn(body)
  if (tellsOfFullDisk(told?.error ?? '')) return diskFull('QuestDB')
  if (tellsOfFiles(told?.error ?? ''))
    return unavailable('QuestDB could not make or open a file of its own; its disk may be full.', {
      text: bounded(told?.error ?? ''),
    })
  if ((status === 400 || status === 403) && told !== undefined) return refusedStatement(told.error, told.position)
  if (status === 500 && told !== undefined && isCompilerDefect(told.error)) return refusedStatement(told.error)
  return unavailable(`QuestDB answered ${status} instead of a result.`, { status, text: bounded(body) })
}

/** The error for what QuestDB says of a statement, wherever it says it: in a 400 or inside a 200. */
export function refusedStatement(text: string, position?: number): DomainError {
  if (/timeout, query aborted/.test(text)) {
    return new DomainError('TIME_LIMIT', 'QuestDB gave the query up after its time limit; ask for less at a time.', {
      text: bounded(text),
    })
  }
  const details = position === undefined ? { text: bounded(text) } : { text: bounded(text), position }
  return new DomainError('QUESTDB_REFUSED', `QuestDB refused the statement: ${bounded(text)}`, details)
}

/** The error for a connection that could not be made or broke; a domain error passes as it is. */
export function brokenConnection(error: unknown): DomainError {
  if (error instanceof DomainError) return error
  if (isDoubleHeader(error)) {
    // QuestDB prepares a 200, reads the first row, fails, and sends the 400 behind the unfinished 200: its text is lost.
    return refusedStatement('an expression of the statement fails on the first rows; QuestDB does not say why')
  }
  // What broke names hosts and ports: that is for the log, which shows the cause, not for clients.
  return new DomainError(
    'QUESTDB_UNAVAILABLE',
    'QuestDB cannot be reached or broke the connection; try again shortly.',
    {},
    { cause: error },
  )
}

export function wrongCredentials(): DomainError {
  return unavailable('QuestDB does not accept the credentials in its configured address.', { status: 401 })
}

/** Something answered, and it was not QuestDB speaking its own language. */
export function nonsense(body: string): DomainError {
  return unavailable('What answers at the address of QuestDB does not answer like QuestDB.', { text: bounded(body) })
}

export function unavailable(sentence: string, details: Record<string, unknown> = {}): DomainError {
  return new DomainError('QUESTDB_UNAVAILABLE', sentence, details)
}

/** True when a statement was refused because its table does not exist. */
export function isMissingTable(error: unknown): boolean {
  return isRefusedWith(error, /table does not exist/)
}

/** True when a column could not be added because it is there, or is being added by another. */
export function isDuplicateColumn(error: unknown): boolean {
  return isRefusedWith(error, /duplicate column/)
}

function isRefusedWith(error: unknown, text: RegExp): boolean {
  return error instanceof DomainError && error.code === 'QUESTDB_REFUSED' && text.test(error.message)
}

/**
 * Some wrong statements trip QuestDB's compiler over itself (`select 1-select.`): the 500 then carries what Java says of
 * null, a cast or an index. The statement is at fault, and the same one fails for ever; any other 500 is a sick engine.
 */
function isCompilerDefect(text: string): boolean {
  return /^(Cannot (read|invoke|assign|load|store|enter|throw) |class \S+ cannot be cast |Index -?\d+ out of bounds )/.test(
    text,
  )
}

function errorIn(body: string): { error: string; position?: number } | undefined {
  try {
    const { error, position } = JSON.parse(body) as { error?: unknown; position?: unknown }
    if (typeof error !== 'string') return undefined
    return Number.isInteger(position) ? { error, position: position as number } : { error }
  } catch {
    return undefined
  }
}

function isDoubleHeader(error: unknown): boolean {
  if (!(error instanceof Error) || error.name !== 'HTTPParserError') return false
  return 'data' in error && /^(HTTP)?\/1\.1 400 /.test(String(error.data))
}
