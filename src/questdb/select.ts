import { isReservedName, RESERVED_PREFIXES } from './names.js'
import {
  callsByName,
  FUNCTIONS,
  FUNCTIONS_OF_A_TABLE,
  folded,
  STATEMENTS,
  WORDS_BEFORE_PARENTHESIS,
  WRITING_WORDS,
} from './sql-names.js'
import { refusedAt, type Token, tokenize } from './sql-tokens.js'
import { encodedLength, STATEMENT_LIMIT } from './statement.js'

/**
 * The read-only guard: lets a client's SQL through when it is one statement that only reads.
 *
 * It promises that what it returns begins with SELECT, WITH, DECLARE, EXPLAIN, SHOW or a parenthesis before these, so that none
 * of the statements that QuestDB carries out while it compiles is reached; that no bare word in it writes; that every
 * function in it stands on a list; and that no table of QuestDB itself or under construction is named. What is sent
 * is made of tokens that were looked at: comments are blanks by then, and nothing is behind the last token.
 *
 * It is no parser and knows no table: a query may still be wrong, which QuestDB says, or long, which the caller
 * ends. Behind WITH and DECLARE the caller also asks QuestDB what kind of statement it sees (`ambiguous`), because
 * there alone a mistake in here could end in an INSERT or UPDATE; that check can't come first or alone, since it
 * carries out some statements and looks no further than a semicolon.
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
const DEEPEST = 64
const IMPLICIT = 'SELECT * FROM '
const READS = 'only statements that read are run here: SELECT, WITH … SELECT, EXPLAIN SELECT, SHOW TABLES'

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
  for (let i = 0; i < tokens.length; i++) requireHarmless(tokens, i)
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

/** A name of a table, or a function that makes rows, alone or with WHERE and the like behind it: QuestDB's short SELECT. */
function beginsWithTable(token: Token | undefined): boolean {
  if (token?.kind !== 'word') return token?.kind === 'name'
  return !STATEMENTS.has(token.value) && !['select', 'with', 'declare', 'explain', 'show'].includes(token.value)
}

/** The statement begins like one that reads, and so does what follows its WITH, DECLARE or EXPLAIN. */
function requireReadingHead(tokens: readonly Token[]): void {
  let at = isWord(tokens[0], 'explain') ? afterFormat(tokens, 1) : 0
  for (;;) {
    const token = tokens[at]
    if (isWord(token, 'select')) return
    if (isSymbol(token, '(') && beginsWithTable(tokens[at + 1])) return
    if (isSymbol(token, '(')) at += 1
    else if (isWord(token, 'with')) at = afterWithList(tokens, at + 1)
    else if (isWord(token, 'declare')) at = afterDeclarations(tokens, at + 1)
    else {
      const found = token?.kind === 'word' ? `${token.value.toUpperCase()} is not run here; ` : ''
      throw refusedAt(token?.at ?? endOf(tokens), found + READS)
    }
  }
}

/** `name AS (…)`, as often as there are commas. */
function afterWithList(tokens: readonly Token[], start: number): number {
  for (let at = start; ; at++) {
    const isNamed = (tokens[at]?.kind === 'word' || tokens[at]?.kind === 'name') && isWord(tokens[at + 1], 'as')
    if (!isNamed || !isSymbol(tokens[at + 2], '('))
      throw refusedAt(tokens[at]?.at ?? endOf(tokens), 'WITH is followed by a name, AS and a SELECT in ( )')
    at = afterParenthesis(tokens, at + 2)
    if (!isSymbol(tokens[at], ',')) return at
  }
}

/** Everything up to the SELECT or WITH that stands in no parenthesis. */
function afterDeclarations(tokens: readonly Token[], start: number): number {
  let at = start
  if (isWord(tokens[at], 'overridable')) at++
  if (tokens[at]?.kind !== 'variable')
    throw refusedAt(tokens[at]?.at ?? 0, 'DECLARE is followed by a variable such as @x')
  while (at < tokens.length && !isWord(tokens[at], 'select') && !isWord(tokens[at], 'with'))
    at = isSymbol(tokens[at], '(') ? afterParenthesis(tokens, at) : at + 1
  return at
}

function afterFormat(tokens: readonly Token[], at: number): number {
  return isSymbol(tokens[at], '(') && isWord(tokens[at + 1], 'format') ? afterParenthesis(tokens, at) : at
}

/** Where the token behind the parenthesis that opens at `at` is. */
function afterParenthesis(tokens: readonly Token[], at: number): number {
  let depth = 0
  for (let i = at; i < tokens.length; i++) {
    if (isSymbol(tokens[i], '(')) depth++
    if (isSymbol(tokens[i], ')') && --depth === 0) return i + 1
  }
  return tokens.length
}

const SHOWS = 'of SHOW these forms are run: TABLES, COLUMNS FROM t, PARTITIONS FROM t, CREATE TABLE t'

/** True for SHOW TABLES, which is answered in another way; the other harmless forms are sent as they are. */
function requireHarmlessShow(tokens: readonly Token[]): boolean {
  const words = tokens.map((token) => (token.kind === 'word' ? token.value : ''))
  if (tokens.length === 2 && words[1] === 'tables') return true
  const form = words.slice(1, 3).join(' ')
  const table = tokens[3]
  const known = ['columns from', 'partitions from', 'create table'].includes(form)
  if (!known || tokens.length !== 4 || table === undefined || !['word', 'name', 'text'].includes(table.kind))
    throw refusedAt(tokens[1]?.at ?? 0, SHOWS)
  requireVisible(table.value, table)
  return false
}

function requireHarmless(tokens: readonly Token[], i: number): void {
  const token = tokens[i] as Token
  if (isSymbol(token, '(')) requireListedCall(tokens, i)
  if (isSymbol(token, '~')) throw refusedAt(token.at, REGEX)
  if (token.kind === 'word' && WRITING_WORDS.has(token.value))
    throw refusedAt(
      token.at,
      `${token.value.toUpperCase()} does not read; put it in double quotes if it names a column or table`,
    )
  if (isWord(token, 'like') || isWord(token, 'ilike')) requireShortPattern(tokens, i + 1)
  if (token.kind === 'word' || token.kind === 'name') requireHarmlessName(tokens, i)
  if (token.kind === 'text') requireHarmlessText(tokens, i)
}

const REGEX =
  'regular expressions are not run here, since QuestDB can not end one that takes too long; use LIKE or starts_with()'

/** What stands before the parenthesis at `at` is a function on the list, a word of SQL, or nothing that could be called. */
function requireListedCall(tokens: readonly Token[], at: number): void {
  const called = tokens[at - 1]
  if (called === undefined || called.kind === 'symbol') return
  if (called.kind !== 'word') throw refusedAt(called.at, `${called.value} is no function`)
  if (isSymbol(tokens[at - 2], '.')) throw refusedAt(called.at, notListed(chainBefore(tokens, at - 1)))
  if (WORDS_BEFORE_PARENTHESIS.has(called.value)) return
  if (!FUNCTIONS.has(called.value)) throw refusedAt(called.at, notListed(called.value))
  if (FUNCTIONS_OF_A_TABLE.has(called.value)) requireTableArgument(tokens, at)
}

function notListed(name: string): string {
  return `${name}() is not on the list of functions that may be used here`
}

function requireTableArgument(tokens: readonly Token[], at: number): void {
  const table = tokens[at + 1]
  if (table?.kind !== 'text' || !isSymbol(tokens[at + 2], ')'))
    throw refusedAt(tokens[at - 1]?.at ?? 0, `${tokens[at - 1]?.value}() takes the name of a table in single quotes`)
  requireVisible(table.value, table)
}

/** A pattern with n % may take the n-th power of the text's length, and QuestDB does not look up in between. */
function requireShortPattern(tokens: readonly Token[], at: number): void {
  const pattern = tokens[at]
  if (pattern?.kind !== 'text')
    throw refusedAt(tokens[at - 1]?.at ?? 0, 'LIKE takes a text in single quotes here, nothing that is computed')
  if (pattern.value.split('%').length > 3) throw refusedAt(pattern.at, 'LIKE takes at most two % here')
}

/** Neither the name nor what it ends with after a dot calls something or is hidden: `public.tables` is `tables`. */
function requireHarmlessName(tokens: readonly Token[], i: number): void {
  const token = tokens[i] as Token
  const next = tokens[i + 1]
  if (isSymbol(next, '.') && tokens[i + 2]?.kind === 'text')
    throw refusedAt(next?.at ?? 0, 'write the name behind this dot in double quotes')
  const chain = chainBefore(tokens, i)
  for (const name of [token.value, ...endingsOf(chain)]) requireNothingHidden(name, token)
}

/** A text is a value behind an operator and among arguments; everywhere else QuestDB may take it for a table. */
function requireHarmlessText(tokens: readonly Token[], i: number): void {
  const token = tokens[i] as Token
  const odd = endingsOf(token.value).find((name) => callsByName(name) || isHidden(name))
  if (odd !== undefined && !isValue(tokens, i)) requireNothingHidden(odd, token)
}

function isValue(tokens: readonly Token[], i: number): boolean {
  const before = tokens[i - 1]
  if (before?.kind === 'word') return ['like', 'ilike', 'when', 'then', 'else', 'and'].includes(before.value)
  if (before?.kind !== 'symbol') return false
  if (before.value !== '(' && before.value !== ',') return before.value !== ':=' && before.value !== '.'
  const caller = tokens[openBefore(tokens, i - 1) - 1]
  return caller?.kind === 'word' && (caller.value === 'in' || FUNCTIONS.has(caller.value))
}

/** Where the parenthesis opens in which the token at `at` stands, itself counted; -1 outside of all. */
function openBefore(tokens: readonly Token[], at: number): number {
  let depth = 0
  for (let i = at; i >= 0; i--) {
    if (isSymbol(tokens[i], ')')) depth++
    if (isSymbol(tokens[i], '(') && depth-- === 0) return i
  }
  return -1
}

const MOST_PARTS = 4

/** The name at `i` with all that dots put before it. */
function chainBefore(tokens: readonly Token[], i: number): string {
  const parts: string[] = [tokens[i]?.value ?? '']
  for (let at = i - 1; isSymbol(tokens[at], '.') && tokens[at - 1]?.kind !== 'symbol'; at -= 2) {
    parts.unshift(tokens[at - 1]?.value ?? '')
    if (parts.length > MOST_PARTS) throw refusedAt(tokens[i]?.at ?? 0, 'a name has at most three dots')
  }
  return parts.join('.')
}

/** `a.b.c`, `b.c` and `c`; no hidden name has more than three dots. */
function endingsOf(name: string): string[] {
  const parts = name.trim().split('.').slice(-MOST_PARTS)
  return [name.trim(), ...parts.map((_, i) => parts.slice(i).join('.'))]
}

function requireNothingHidden(name: string, token: Token): void {
  if (callsByName(name)) throw refusedAt(token.at, `QuestDB takes ${name} for a function, and ${notListed(name)}`)
  requireVisible(name, token)
}

function requireVisible(name: string, token: Token): void {
  if (endingsOf(name).some(isHidden)) throw refusedAt(token.at, `there is no measurement ${name} to read`)
}

function isHidden(name: string): boolean {
  return isReservedName(folded(name))
}

function endOf(tokens: readonly Token[]): number {
  return tokens.at(-1)?.end ?? 0
}

function isWord(token: Token | undefined, value: string): boolean {
  return token?.kind === 'word' && token.value === value
}

function isSymbol(token: Token | undefined, value: string): boolean {
  return token?.kind === 'symbol' && token.value === value
}
