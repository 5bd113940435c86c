/** What a statement mentions: words that write, functions, names of tables. */
import { isReservedName } from './names.js'
import {
  callsByName,
  FUNCTIONS,
  FUNCTIONS_OF_A_TABLE,
  folded,
  WORDS_BEFORE_PARENTHESIS,
  WRITING_WORDS,
} from './sql-names.js'
import { isSymbol, isWord, refusedAt, type Token } from './sql-tokens.js'

/** @throws DomainError QUERY_REFUSED for the first word, function or name that is not allowed */
export function requireHarmlessMentions(tokens: readonly Token[]): void {
  for (let i = 0; i < tokens.length; i++) requireHarmless(tokens, i)
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

/** @throws DomainError QUERY_REFUSED for a table of QuestDB itself, or one that is being made */
export function requireVisible(name: string, token: Token): void {
  if (endingsOf(name).some(isHidden)) throw refusedAt(token.at, `there is no measurement ${name} to read`)
}

function isHidden(name: string): boolean {
  return isReservedName(folded(name))
}
