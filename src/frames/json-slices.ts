/**
 * Where long JSON can be cut, so that it is parsed piece by piece and other work gets its turn in between. The places are found on
 * one thread and used on another: places cross the border for nothing, while a copy of the values would cost more than parsing.
 */
import { stringEnd } from './json-exact.js'

const SLICE_CHARS = 32 << 10

const QUOTE = 0x22

/** A long array or object. */
export interface Slices {
  readonly isArray: boolean
  readonly parts: readonly Part[]
}

/** From where to where some items or members stand side by side; or one item or member that is long itself. */
type Part = readonly [start: number, end: number] | { readonly name: string | undefined; readonly value: Slices }

interface Container {
  readonly isArray: boolean
  readonly start: number
  readonly parts: Part[]
  /** Where the part being gathered begins; undefined right after a long item or member. */
  from: number | undefined
  /** Where the item or member being read begins, and where its name ends. */
  item: number
  colon: number
}

/** @param text valid JSON; undefined when it is short or has no place to be cut at */
export function slicesOf(text: string): Slices | undefined {
  const open: Container[] = []
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    const inside = open[open.length - 1]
    if (code === QUOTE) at = stringEnd(text, at) - 1
    else if (code === 0x5b || code === 0x7b) {
      open.push({ isArray: code === 0x5b, start: at, parts: [], from: at + 1, item: at + 1, colon: 0 })
    } else if (code === 0x3a) (inside as Container).colon = at
    else if (code === 0x2c) passComma(inside as Container, at)
    else if (code === 0x5d || code === 0x7d) {
      open.pop()
      const long = closed(inside as Container, at)
      const outer = open[open.length - 1]
      if (outer === undefined) return long
      if (long) takeLong(outer, long, text)
    }
  }
  return undefined
}

/** The value, made of its slices; `turn` is awaited between two of them. */
export async function assembled(text: string, { isArray, parts }: Slices, turn: () => Promise<void>): Promise<unknown> {
  const items: unknown[] = []
  const members: Record<string, unknown> = {}
  for (const part of parts) {
    if ('value' in part) {
      const value = await assembled(text, part.value, turn)
      if (part.name === undefined) items.push(value)
      else members[part.name] = value
      continue
    }
    await turn()
    const slice = text.slice(...part)
    if (isArray) for (const item of JSON.parse(`[${slice}]`) as unknown[]) items.push(item)
    else Object.assign(members, JSON.parse(`{${slice}}`))
  }
  return isArray ? items : members
}

function passComma(container: Container, at: number): void {
  if (container.from !== undefined && at - container.from >= SLICE_CHARS) {
    container.parts.push([container.from, at])
    container.from = undefined
  }
  container.from ??= at + 1
  container.item = at + 1
}

function closed({ isArray, start, parts, from }: Container, end: number): Slices | undefined {
  if (end - start < SLICE_CHARS) return undefined
  if (from !== undefined) parts.push([from, end])
  return { isArray, parts }
}

function takeLong(container: Container, value: Slices, text: string): void {
  const { isArray, parts, from, item, colon } = container
  if (from !== undefined && from < item) parts.push([from, item - 1])
  const name = isArray ? undefined : (JSON.parse(text.slice(item, colon)) as string)
  parts.push({ name, value })
  container.from = undefined
}
