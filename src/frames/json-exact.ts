/**
 * What JSON.parse changes without a word: of two members of one name it keeps the last, and of a whole number beyond 2^53 the
 * nearest double. Whoever keeps what was sent has to refuse both. The text is gone through once, quickly; only when
 * something is wrong a second, slower pass finds out where. A number is as it was sent when it reads back as the same digits (as
 * JavaScript and others write a large double) or when a double holds it exactly; one with a point or an exponent is a double
 * anyway. Numbers of more than `LONGEST_NUMBER` characters are no measurement and only cost time.
 */
import { DomainError } from '../errors.js'

const LONGEST_NUMBER = 400
/** Every whole number of so many characters is held exactly. */
const ALWAYS_EXACT = 15

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COLON = 0x3a

/**
 * @param text valid JSON, and `value` what JSON.parse makes of it
 * @param pointer where the value stands in the body
 * @throws DomainError JSON_MALFORMED with the `pointer` of a member that is there twice, REQUEST_INVALID with that of a number
 */
export function requireExact(text: string, value: unknown, pointer = ''): void {
  if (membersIfExact(text) !== countMembers(value)) explain(text, pointer)
}

/** How many members the text has; undefined when it has a number that is not kept. */
function membersIfExact(text: string): number | undefined {
  let members = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) at = stringEnd(text, at) - 1
    else if (code === COLON) members++
    else if (isNumberStart(code)) {
      const end = numberEnd(text, at)
      if (end - at > ALWAYS_EXACT && faultOfNumber(text.slice(at, end)) !== undefined) return undefined
      at = end - 1
    }
  }
  return members
}

/** All members of all objects in the value. */
export function countMembers(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  let count = 0
  if (Array.isArray(value)) {
    for (const item of value) count += countMembers(item)
    return count
  }
  for (const key in value) count += 1 + countMembers((value as Record<string, unknown>)[key])
  return count
}

/** Just after the closing quote of the string that begins at `start`, in text that is valid JSON. */
export function stringEnd(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1); ; quote = text.indexOf('"', quote + 1)) {
    let at = quote
    while (text.charCodeAt(at - 1) === BACKSLASH) at--
    if ((quote - at) % 2 === 0) return quote + 1
  }
}

function isNumberStart(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || code === 0x2d
}

function numberEnd(text: string, start: number): number {
  let at = start + 1
  while (at < text.length && isNumberPart(text.charCodeAt(at))) at++
  return at
}

/** Digits, signs, point, e and E. */
function isNumberPart(code: number): boolean {
  return isNumberStart(code) || code === 0x2b || code === 0x2e || code === 0x65 || code === 0x45
}

/** What is expected instead of this number; undefined when it is kept as it is. */
function faultOfNumber(literal: string): string | undefined {
  if (literal.length > LONGEST_NUMBER) return `a number of at most ${LONGEST_NUMBER} characters`
  if (!/^-?\d+$/.test(literal)) return undefined
  const double = Number(literal)
  if (String(double) === literal) return undefined
  if (Number.isFinite(double) && BigInt(double) === BigInt(literal)) return undefined
  return 'a whole number that a double holds exactly, such as any up to 2^53; send this one as text'
}

/** An object or array that the second pass is inside of. */
interface Container {
  readonly pointer: string
  /** Names so far; undefined for an array. */
  readonly names: Set<string> | undefined
  /** The pointer of the value that comes next. */
  next: string
  index: number
}

/** Throws for the first member that is there twice or number that is not kept; returns when there is neither. */
function explain(text: string, pointer: string): void {
  const open: Container[] = []
  for (let at = 0; at < text.length; at++) {
    const character = text[at] as string
    const inside = open.at(-1)
    if (character === '{' || character === '[') open.push(container(character, inside?.next ?? pointer))
    else if (character === '}' || character === ']') open.pop()
    else if (character === ',' && inside?.names === undefined) nextItem(inside as Container)
    else if (character === '"') {
      const end = stringEnd(text, at)
      if (isName(text, end)) takeName(inside as Container, JSON.parse(text.slice(at, end)) as string)
      at = end - 1
    } else if (isNumberStart(character.charCodeAt(0))) {
      const end = numberEnd(text, at)
      const expected = faultOfNumber(text.slice(at, end))
      if (expected !== undefined) throw badNumber(inside?.next ?? pointer, expected)
      at = end - 1
    }
  }
}

function container(bracket: string, pointer: string): Container {
  const isObject = bracket === '{'
  return { pointer, names: isObject ? new Set() : undefined, next: isObject ? '' : `${pointer}/0`, index: 0 }
}

function nextItem(array: Container): void {
  array.index++
  array.next = `${array.pointer}/${array.index}`
}

/** In valid JSON only the name of a member has a colon behind it. */
function isName(text: string, end: number): boolean {
  let at = end
  while (/\s/.test(text[at] ?? '')) at++
  return text.charCodeAt(at) === COLON
}

function takeName(object: Container, name: string): void {
  object.next = `${object.pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
  if (object.names?.has(name)) throw twice(name, object.next)
  object.names?.add(name)
}

function twice(name: string, pointer: string): DomainError {
  const shown = JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name)
  return new DomainError('JSON_MALFORMED', `body ${pointer.slice(0, 500)}: the member ${shown} is there twice`, {
    pointer,
    member: name,
  })
}

function badNumber(pointer: string, expected: string): DomainError {
  return new DomainError('REQUEST_INVALID', `body ${pointer.slice(0, 500)}: expected ${expected}`, [
    { in: 'body', pointer, expected },
  ])
}
