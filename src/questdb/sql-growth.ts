import { folded } from './sql-names.js'
import { isSymbol, isWord, refusedAt, type Token } from './sql-tokens.js'

/**
 * QuestDB puts the text of a WITH or of a DECLARE in wherever it is named, and every star stands for all columns, before
 * it looks whether anybody still waits. So a few hundred characters can double themselves until its heap is full
 * (ten names, each of which names the one before twice, are enough), and then it answers nobody. This counts how
 * large a statement becomes, with names taken for the largest thing that is called so.
 */
const MOST = 40_000
/** What a SELECT costs QuestDB, and what a name does in whose place something is put, where any other token costs 1. */
const SELECT_COST = 100
const NAMED_COST = 50
const MOST_STARS = 16

/** @throws DomainError QUERY_REFUSED for a statement that grows too large */
export function requireBoundedGrowth(tokens: readonly Token[]): void {
  const sizes = new Map<string, number>()
  const open: { name: string; from: number; depth: number; declared: boolean }[] = []
  let size = 0
  let depth = 0
  const close = () => {
    const ended = open.pop()
    if (ended) sizes.set(ended.name, Math.max(size - ended.from, sizes.get(ended.name) ?? 0))
  }
  for (const [i, token] of tokens.entries()) {
    const inner = open.at(-1)
    if (inner?.declared && inner.depth === depth && endsDeclaration(token)) close()
    if (isSymbol(token, '(')) depth++
    if (isSymbol(token, ')')) {
      depth--
      while (open.length > 0 && (open.at(-1)?.depth ?? 0) > depth) close()
    }
    const declared = token.kind === 'variable' && isSymbol(tokens[i + 1], ':=')
    const named = isWord(tokens[i + 1], 'as') && isSymbol(tokens[i + 2], '(') && isName(token)
    if (declared) open.push({ name: folded(token.value), from: size, depth, declared })
    else if (named) open.push({ name: folded(token.value), from: size, depth: depth + 1, declared })
    else size += costOf(token, sizes)
    if (size > MOST)
      throw refusedAt(token.at, 'with WITH and DECLARE put in, the statement is larger than QuestDB should be given')
  }
  requireFewStars(tokens)
}

/** Two stars in one SELECT double the columns; ten such SELECTs inside each other make a thousand of each. */
function requireFewStars(tokens: readonly Token[]): void {
  const stars: number[] = []
  let depth = 0
  let copies = 1
  for (const [i, token] of tokens.entries()) {
    if (isSymbol(token, '(')) stars[++depth] = 0
    if (isSymbol(token, ')')) depth--
    if (isWord(token, 'select')) stars[depth] = 0
    if (!isSymbol(token, '*') || !isWildcard(tokens[i - 1])) continue
    const count = (stars[depth] ?? 0) + 1
    stars[depth] = count
    if (count > 1) copies = (copies / (count - 1)) * count
    if (copies > MOST_STARS) throw refusedAt(token.at, 'this star would repeat columns too often; name the columns')
  }
}

function isWildcard(before: Token | undefined): boolean {
  return isWord(before, 'select') || isWord(before, 'distinct') || isSymbol(before, ',') || isSymbol(before, '.')
}

function endsDeclaration(token: Token): boolean {
  return isSymbol(token, ',') || isWord(token, 'select') || isWord(token, 'with')
}

function costOf(token: Token, sizes: ReadonlyMap<string, number>): number {
  if (isWord(token, 'select')) return SELECT_COST
  const named = isName(token) || token.kind === 'variable' ? sizes.get(folded(token.value)) : undefined
  return named === undefined ? 1 : NAMED_COST + named
}

function isName(token: Token): boolean {
  return token.kind === 'word' || token.kind === 'name'
}
