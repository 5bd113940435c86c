const QUOTE = 0x22
const COMMA = 0x2c
const LF = 0x0a
const CR = 0x0d

const NONE: ReadonlySet<number> = new Set()

/**
 * The cells of a well-formed row that are written `""`: empty text, while an empty cell without quotes is no value.
 * The splitter reports both as ''. Reads the row's bytes again, so ask only when it matters.
 */
export function emptyTexts(row: Buffer): ReadonlySet<number> {
  if (!row.includes('""')) return NONE
  const found = new Set<number>()
  let at = firstByte(row)
  for (let cell = 0; at !== -1; cell++) {
    if (row[at] === QUOTE && row[at + 1] === QUOTE && row[at + 2] !== QUOTE) found.add(cell)
    at = nextCell(row, at)
  }
  return found
}

/** A row's bytes may begin with blank lines that came before it. */
function firstByte(row: Buffer): number {
  let at = 0
  while (row[at] === LF || row[at] === CR) at++
  return at
}

/** Where the cell after the one at `from` begins; -1 when that was the last. */
function nextCell(row: Buffer, from: number): number {
  let at = from
  if (row[at] === QUOTE) {
    do at = row.indexOf(QUOTE, at + 1) + 1
    while (row[at] === QUOTE)
  }
  const comma = row.indexOf(COMMA, at)
  return comma === -1 ? -1 : comma + 1
}
