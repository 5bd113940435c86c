/** How a statement that only reads begins. */

import { requireVisible } from './sql-mentions.js'
import { STATEMENTS } from './sql-names.js'
import { isSymbol, isWord, refusedAt, type Token } from './sql-tokens.js'

export const READS = 'only statements that read are run here: SELECT, WITH … SELECT, EXPLAIN SELECT, SHOW TABLES'

/** A name of a table, or a function that makes rows, alone or with WHERE and the like behind it: QuestDB's short SELECT. */
export function beginsWithTable(token: Token | undefined): boolean {
  if (token?.kind !== 'word') return token?.kind === 'name'
  return !STATEMENTS.has(token.value) && !['select', 'with', 'declare', 'explain', 'show'].includes(token.value)
}

/**
 * The statement begins like one that reads, and so does what follows its WITH, DECLARE or EXPLAIN.
 * @throws DomainError QUERY_REFUSED
 */
export function requireReadingHead(tokens: readonly Token[]): void {
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

/**
 * True for SHOW TABLES, which is answered in another way; the other harmless forms are sent as they are.
 * @throws DomainError QUERY_REFUSED for forms that show more than tables
 */
export function requireHarmlessShow(tokens: readonly Token[]): boolean {
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

function endOf(tokens: readonly Token[]): number {
  return tokens.at(-1)?.end ?? 0
}
