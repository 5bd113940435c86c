import { RESERVED_PREFIXES } from './names.js'
import { requireBoundedGrowth } from './sql-growth.js'
import { beginsWithTable, READS, requireHarmlessShow, requireReadingHead } from './sql-head.js'
import { requireHarmlessMentions } from './sql-mentions.js'
import { isSymbol, isWord, refusedAt, type Token, tokenize } from './sql-tokens.js'
import { encodedLength, STATEMENT_LIMIT } from './statement.js'

/**
 * The read-only guard: lets a client's SQL through when it is one statement that only reads.
 *
 * It promises that what it returns begins with SELECT, WITH, DECLARE, EXPLAIN, SHOW or a parenthesis, so
 * that none of the statements that QuestDB carries out while it compiles is reached; that no bare word in it writes;
 * that every function in it stands on a list; that no table of QuestDB itself or under construction is named; and
 * that it does not grow without end when it is compiled. What is sent is made of tokens that were looked at: comments
 * are blanks by then, and nothing is behind the last token.
 *
 * It is no parser and knows no table: a query may still be wrong, which QuestDB says, or long, which the caller
 * ends. Unless the first word is SELECT, the caller also asks QuestDB what kind of statement it sees (`ambiguous`):
 * behind WITH a mistake in here could end in an INSERT or UPDATE. That check costs a few milliseconds; it can't come
 * first or alone, since it carries out some statements and looks no further than a semicolon.
 *
 * It fails closed: what it can't read is QUERY_REFUSED with the `position`, never passed on. It may refuse a harmless
 * query (a bare column called `insert`, a LIKE with three %); the sentence then says what to write instead.
 */
export interface GuardedSelect {
  /** What to send to QuestDB. */
  readonly sql: string
  /** How many characters stand before the client's own; QuestDB's positions count them. */
  readonly shift: number
  /** Whether the statement could end in something other than a SELECT, going by its first word. */
  readonly ambiguous: boolean
}

/** QuestDB's parser calls itself for each level, and its stack ends somewhere. */
const DEEPEST = 32
const IMPLICIT = 'SELECT * FROM '

/** SHOW TABLES as clients see it: without the tables that are not theirs. */
const SHOWN_TABLES = `SELECT table_name FROM tables() WHERE ${RESERVED_PREFIXES.map(
  (prefix) => `NOT starts_with(lower(table_name), '${prefix}')`,
).join(' AND ')} ORDER BY table_name`

/** @throws DomainError QUERY_REFUSED with the `position` of what is in the way */
export function guardedSelect(sql: string): GuardedSelect {
  const { tokens: all, plain } = tokenize(sql)
  const tokens = withoutEnd(all)
  const [first] = tokens
  if (first === undefined) throw refusedAt(0, `there is no statement; ${READS}`)
  requireOneStatement(tokens)
  requireBalance(tokens)
  const kept = plain.slice(0, tokens.at(-1)?.end)
  if (isWord(first, 'show')) {
    const sent = requireHarmlessShow(tokens) ? SHOWN_TABLES : kept
    return sendable({ sql: sent, shift: 0, ambiguous: false })
  }
  const implicit = beginsWithTable(first)
  if (!implicit) requireReadingHead(tokens)
  requireHarmlessMentions(tokens)
  requireBoundedGrowth(tokens)
  if (implicit) return sendable({ sql: IMPLICIT + kept, shift: IMPLICIT.length, ambiguous: false })
  return sendable({ sql: kept, shift: 0, ambiguous: !isWord(first, 'select') })
}

function sendable(guarded: GuardedSelect): GuardedSelect {
  const bytes = encodedLength(guarded.sql)
  if (bytes <= STATEMENT_LIMIT) return guarded
  throw refusedAt(0, `the statement is ${bytes} bytes long once percent-encoded, and ${STATEMENT_LIMIT} are taken`)
}

function withoutEnd(tokens: readonly Token[]): readonly Token[] {
  let length = tokens.length
  while (length > 0 && isSymbol(tokens[length - 1], ';')) length--
  return tokens.slice(0, length)
}

function requireOneStatement(tokens: readonly Token[]): void {
  const semicolon = tokens.find((token) => isSymbol(token, ';'))
  if (semicolon) throw refusedAt(semicolon.at, 'one statement at a time: there is more behind this semicolon')
}

function requireBalance(tokens: readonly Token[]): void {
  const open: Token[] = []
  for (const token of tokens) {
    if (isSymbol(token, '(') || isSymbol(token, '[')) open.push(token)
    if (open.length > DEEPEST) throw refusedAt(token.at, `parentheses are nested deeper than ${DEEPEST} levels`)
    if (isSymbol(token, ')') || isSymbol(token, ']')) {
      const pair = `${open.pop()?.value}${token.value}`
      if (pair !== '()' && pair !== '[]') throw refusedAt(token.at, `this ${token.value} closes nothing`)
    }
  }
  const left = open.at(-1)
  if (left) throw refusedAt(left.at, `this ${left.value} is not closed`)
}
