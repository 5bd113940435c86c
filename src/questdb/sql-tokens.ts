import { DomainError } from '../errors.js'

/**
 * SQL taken apart by QuestDB's own lexical rules, as far as they are the same in all its versions; whatever is not
 * covered here is refused. Two things must never differ from the engine: where quotes open and close, and what is a
 * comment. QuestDB nests block comments, lets a quote inside a comment swallow the text behind it, and has changed
 * both, so comments never reach it: `plain` has blanks in their place, and all positions stay what they were.
 */
export interface Token {
  /** `word` is bare, `name` stands in double quotes, `text` in single ones, `variable` begins with `@`. */
  readonly kind: 'word' | 'name' | 'text' | 'number' | 'variable' | 'symbol'
  /** What it says: a word in lower case, a name or text without its quotes. */
  readonly value: string
  /** Where it begins in the SQL, counted from 0 in UTF-16 units, as QuestDB counts. */
  readonly at: number
  readonly end: number
}

export interface TokenizedSql {
  readonly tokens: readonly Token[]
  /** The same SQL with blanks instead of comments. */
  readonly plain: string
}

const BLANK = /[ \t\r\n]+/y
const LINE_COMMENT = /--[^\r\n]*/y
const BLOCK_COMMENT = /\/\*.*?\*\//sy
const WORD = /[A-Za-z_][A-Za-z0-9_]*/y
const VARIABLE = /@[A-Za-z_][A-Za-z0-9_]*/y
const NUMBER = /(?:[0-9][A-Za-z0-9_]*(?:\.[0-9][A-Za-z0-9_]*)?|\.[0-9][A-Za-z0-9_]*)/y
const TEXT = /'(?:[^']|'')*'/y
const NAME = /"[^"]*"/y
const SYMBOL = /::|:=|[(),.;+\-*/%=<>!~^|&[\]:]/y

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL_IN_TEXT = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL_IN_NAME = /[\u0000-\u001f\u007f]/

/** @throws DomainError QUERY_REFUSED with the `position` of the first character that is not understood */
export function tokenize(sql: string): TokenizedSql {
  if (!sql.isWellFormed()) throw refusedAt(0, 'the SQL holds half a surrogate pair, which has no UTF-8')
  const tokens: Token[] = []
  const plain: string[] = []
  for (let at = 0; at < sql.length; ) {
    const comment = commentAt(sql, at)
    const blank = comment ?? match(BLANK, sql, at)
    if (blank !== undefined) {
      plain.push(comment === undefined ? blank : comment.replaceAll(/[^\r\n]/g, ' '))
      at += blank.length
      continue
    }
    const token = tokenAt(sql, at)
    const before = tokens.at(-1)
    // QuestDB reads a quote inside a word as part of it, so that a'b' is one word.
    if (before?.end === at && before.kind !== 'symbol' && token.kind !== 'symbol')
      throw refusedAt(at, `put a blank before ${sql.slice(at, at + 20)}`)
    tokens.push(token)
    plain.push(sql.slice(at, token.end))
    at = token.end
  }
  return { tokens, plain: plain.join('') }
}

/** The error for a statement that is not run here. `position` counts from 0, as QuestDB's own does. */
export function refusedAt(position: number, sentence: string): DomainError {
  return new DomainError('QUERY_REFUSED', `${sentence} (character ${position + 1})`, { position })
}

export function isWord(token: Token | undefined, value: string): boolean {
  return token?.kind === 'word' && token.value === value
}

export function isSymbol(token: Token | undefined, value: string): boolean {
  return token?.kind === 'symbol' && token.value === value
}

function commentAt(sql: string, at: number): string | undefined {
  const line = match(LINE_COMMENT, sql, at)
  if (line !== undefined || !sql.startsWith('/*', at)) return line
  const block = match(BLOCK_COMMENT, sql, at)
  if (block === undefined) throw refusedAt(at, 'this comment has no end: */ is missing')
  if (block.includes('/*', 2)) throw refusedAt(at, 'a comment inside a comment is read in more than one way')
  return block
}

function tokenAt(sql: string, at: number): Token {
  const first = sql[at] as string
  if (first === "'") return quotedAt(sql, at, TEXT, 'text')
  if (first === '"') return quotedAt(sql, at, NAME, 'name')
  const word = match(WORD, sql, at)
  if (word !== undefined) return { kind: 'word', value: word.toLowerCase(), at, end: at + word.length }
  const variable = match(VARIABLE, sql, at)
  if (variable !== undefined) return { kind: 'variable', value: variable, at, end: at + variable.length }
  const number = match(NUMBER, sql, at)
  if (number !== undefined) return { kind: 'number', value: number, at, end: at + number.length }
  const symbol = match(SYMBOL, sql, at)
  if (symbol !== undefined) return { kind: 'symbol', value: symbol, at, end: at + symbol.length }
  throw refusedAt(at, `${shown(sql, at)} has no meaning here outside quotes`)
}

function quotedAt(sql: string, at: number, pattern: RegExp, kind: 'text' | 'name'): Token {
  const quoted = match(pattern, sql, at)
  if (quoted === undefined) throw refusedAt(at, `this quote is not closed: ${sql[at]}`)
  const end = at + quoted.length
  const inside = quoted.slice(1, -1)
  const control = (kind === 'text' ? CONTROL_IN_TEXT : CONTROL_IN_NAME).exec(inside)
  if (control) throw refusedAt(at + 1 + control.index, `${shown(inside, control.index)} can't stand in quotes`)
  if (kind === 'text') return { kind, value: inside.replaceAll("''", "'"), at, end }
  if (inside.trim() === '' || /['`]/.test(inside) || sql[end] === '"')
    throw refusedAt(at, 'a name in double quotes is not empty and has no quotes in it')
  return { kind, value: inside, at, end }
}

function match(pattern: RegExp, sql: string, at: number): string | undefined {
  pattern.lastIndex = at
  return pattern.exec(sql)?.[0]
}

function shown(text: string, at: number): string {
  const code = text.codePointAt(at) ?? 0
  const name = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`
  return code > 0x20 && code < 0x7f ? String.fromCodePoint(code) : name
}
