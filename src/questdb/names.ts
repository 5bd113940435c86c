import { randomUUID } from 'node:crypto'
import { DomainError } from '../errors.js'

/** Tables under this prefix are being made, or left over from work that died; no client sees or names them. */
export const STAGED_PREFIX = 'stage1_staged_'

const MEASUREMENT_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,126}$/
/** How the names of tables begin that are not the clients', in lower case. */
export const RESERVED_PREFIXES: readonly string[] = ['sys.', 'telemetry', '_query_trace', 'zzz.copy.', STAGED_PREFIX]

/** QuestDB's own rule (except that it takes the control characters U+0010 to U+001F): these cannot be in a column's name. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const FORBIDDEN_IN_COLUMN = /[?,'"\\/:()+*%~.\-\u0000-\u001f\u007f\ufeff]|\p{Surrogate}/u
const LONGEST_COLUMN = 127
// A column is a set of files named after it with endings of up to a dozen bytes, and a file system takes 255 in all.
const LONGEST_COLUMN_BYTES = 240

/** The name as it is, when a measurement may be called that; else MEASUREMENT_NAME_INVALID. */
export function requireMeasurementName(name: string): string {
  if (!MEASUREMENT_NAME.test(name)) {
    throw new DomainError(
      'MEASUREMENT_NAME_INVALID',
      'The name of a measurement is 1 to 127 letters, digits and underscores, and does not begin with a digit.',
      { name: name.slice(0, 200) },
    )
  }
  if (!isReservedName(name)) return name
  throw new DomainError(
    'MEASUREMENT_NAME_INVALID',
    `Measurement names that begin like ${name} are kept for the system.`,
    {
      name,
    },
  )
}

/** True for tables of QuestDB itself and for staged ones, whatever the case of their letters. */
export function isReservedName(name: string): boolean {
  const lower = name.toLowerCase()
  return RESERVED_PREFIXES.some((prefix) => lower.startsWith(prefix))
}

/** The name as it is, when a column may be called that; else COLUMN_NAME_INVALID with the `character` that is in the way. */
export function requireColumnName(name: string): string {
  const character = FORBIDDEN_IN_COLUMN.exec(name)?.[0]
  if (character !== undefined) {
    const shown = /[\s\p{C}]/u.test(character) ? codePoint(character) : character
    throw new DomainError(
      'COLUMN_NAME_INVALID',
      `A column cannot be named ${quoted(name)}: QuestDB does not take ${shown}.`,
      {
        column: name.slice(0, 200),
        character,
      },
    )
  }
  if (name.length >= 1 && name.length <= LONGEST_COLUMN && Buffer.byteLength(name) <= LONGEST_COLUMN_BYTES) return name
  throw new DomainError(
    'COLUMN_NAME_INVALID',
    `A column's name is 1 to ${LONGEST_COLUMN} characters and at most ${LONGEST_COLUMN_BYTES} bytes long.`,
    { column: name.slice(0, 200) },
  )
}

/** The name in double quotes. QuestDB has no way to write a quote inside one, so a name with a quote is refused. */
export function quoteIdentifier(name: string): string {
  if (name !== '' && !/["'\0]/.test(name)) return `"${name}"`
  throw new DomainError('MEASUREMENT_NAME_INVALID', 'A name in SQL is not empty and has no quotes in it.', {
    name: name.slice(0, 200),
  })
}

/** The text as an SQL string. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** A fresh name for a table that is being made. */
export function stagedTableName(): string {
  return `${STAGED_PREFIX}${randomUUID().replaceAll('-', '')}`
}

function quoted(name: string): string {
  return JSON.stringify(name.slice(0, 60))
}

function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
}
