const QUOTE = 0x22
const COMMA = 0x2c
const LF = 0x0a
const CR = 0x0d

/**
 * True when cell `index` of a well-formed row stands in quotes. An empty cell in quotes is empty text, an empty
 * cell without is no value; the splitter reports both as ''. Reads the row's bytes again, so ask for empty cells only.
 */
export function isQuoted(row: Buffer, index: number): boolean {
  let at = firstByte(row)
  for (let cell = 0; cell < index; cell++) at = nextCell(row, at)
  return row[at] === QUOTE
}

/** A row's bytes may begin with the byte order mark and with blank lines that came before it. */
function firstByte(row: Buffer): number {
  let at = row[0] === 0xef && row[1] === 0xbb && row[2] === 0xbf ? 3 : 0
  while (row[at] === LF || row[at] === CR) at++
  return at
}

function nextCell(row: Buffer, from: number): number {
  let at = from
  if (row[at] === QUOTE) {
    do at = row.indexOf(QUOTE, at + 1) + 1
    while (row[at] === QUOTE)
  }
  return row.indexOf(COMMA, at) + 1
}
