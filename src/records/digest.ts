import { createHash, type Hash } from 'node:crypto'
import { nextTurn } from '../turns.js'

/** What has fewer members and items is written in one go. */
const FEW = 500
const BUFFERED_CHARS = 64 << 10

/**
 * What tells one content of a record from another: the same for two that say the same, in whatever order of keys. A large record is
 * written in slices, as it takes hundreds of milliseconds.
 */
export async function contentDigest(content: unknown): Promise<string> {
  const text = new DigestedText()
  if (hasFew(content)) text.add(canonical(content))
  else await addSliced(text, content as object)
  return text.digest()
}

/** Adds what `canonical` makes of the value. */
async function addSliced(text: DigestedText, value: object): Promise<void> {
  if (Array.isArray(value)) {
    text.add('[')
    for (let i = 0; i < value.length; i++) await addPart(text, i === 0 ? '' : ',', value[i])
    text.add(']')
    return
  }
  text.add('{')
  let separator = ''
  for (const [name, member] of Object.entries(sortedKeys('', value) as object)) {
    if (member === undefined) continue
    await addPart(text, `${separator}${JSON.stringify(name)}:`, member)
    separator = ','
  }
  text.add('}')
}

/** Waits only where it has to: a promise for each of a million items would cost more than the items. */
function addPart(text: DigestedText, before: string, value: unknown): Promise<void> | undefined {
  text.add(before)
  if (!hasFew(value)) return addSliced(text, value as object)
  text.add(canonical(value) ?? 'null')
  if (!text.isLong()) return undefined
  text.flush()
  return nextTurn()
}

class DigestedText {
  readonly #hash: Hash = createHash('sha256')
  #text = ''

  add(text: string): void {
    this.#text += text
  }

  isLong(): boolean {
    return this.#text.length > BUFFERED_CHARS
  }

  flush(): void {
    this.#hash.update(this.#text)
    this.#text = ''
  }

  digest(): string {
    this.flush()
    return this.#hash.digest('hex')
  }
}

function canonical(value: unknown): string {
  return JSON.stringify(value, sortedKeys)
}

function sortedKeys(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}

function hasFew(value: unknown): boolean {
  return count(value, 0) <= FEW
}

/** Members and items of the value on top of `before`, not counted much beyond `FEW`. */
function count(value: unknown, before: number): number {
  if (typeof value !== 'object' || value === null) return before
  let total = before
  const items = Array.isArray(value) ? value : Object.values(value)
  for (const item of items) {
    total = count(item, total + 1)
    if (total > FEW) return total
  }
  return total
}
