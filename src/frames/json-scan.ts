import { DomainError } from '../errors.js'

export const QUOTE = 0x22
export const BACKSLASH = 0x5c
export const OPEN_OBJECT = 0x7b
export const CLOSE_OBJECT = 0x7d
export const OPEN_ARRAY = 0x5b
export const CLOSE_ARRAY = 0x5d
export const COMMA = 0x2c
export const COLON = 0x3a

/** Containers inside containers, as deep as a JSON body may go. */
export const MAX_DEPTH = 64

const NEAR_BYTES = 32

const PLAIN = 0
const STRING = 1
const OPENING = 2
const CLOSING = 3
const NAMING = 4
const KIND = new Uint8Array(256)
KIND[QUOTE] = STRING
KIND[OPEN_OBJECT] = OPENING
KIND[OPEN_ARRAY] = OPENING
KIND[CLOSE_OBJECT] = CLOSING
KIND[CLOSE_ARRAY] = CLOSING
KIND[COLON] = NAMING

export function isJsonSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09
}

/** A byte as an error shows it. */
export function showByte(byte: number): string {
  if (byte === QUOTE) return 'a quote'
  return byte > 0x20 && byte < 0x7f ? `"${String.fromCharCode(byte)}"` : `byte 0x${byte.toString(16).padStart(2, '0')}`
}

/** `JSON_MALFORMED` at a byte of the text, counted from 0. */
export function jsonMalformed(byte: number, sentence: string): DomainError {
  return new DomainError('JSON_MALFORMED', `byte ${byte}: ${sentence}`, { byte })
}

/**
 * Finds the end of one JSON string, array or object that comes in chunks, without looking at what is inside: it
 * follows quotes, escapes and brackets, counts colons, and leaves all else to whoever parses the bytes.
 * Brackets that don't match and nesting deeper than `MAX_DEPTH` are refused, so a wrong end is never reported.
 */
export class ValueScanner {
  /** How many names of members it has passed, in all values so far. */
  names = 0
  private readonly closers = new Uint8Array(MAX_DEPTH)
  private depth = 0
  private inString = false
  private escaped = false

  /** `outerDepth` is how many containers the value already stands in. */
  constructor(private readonly outerDepth: number) {}

  /**
   * Reads on from `from`, where the value begins (at its quote or bracket) or where the chunk before left off.
   * Returns the index just after the value's end, or -1 when the chunk ends first. `firstByte` is the position of
   * the chunk in the text, for errors.
   */
  scan(chunk: Buffer, from: number, firstByte: number): number {
    let at = from
    if (this.inString) {
      at = this.scanString(chunk, at)
      if (at === -1) return -1
      if (this.depth === 0) return at
    }
    const length = chunk.length
    while (at < length) {
      const byte = chunk[at++] as number
      const kind = KIND[byte]
      if (kind === PLAIN) continue
      if (kind === STRING) {
        at = this.scanString(chunk, at)
        if (at === -1) return -1
      } else if (kind === NAMING) this.names++
      else if (kind === OPENING) this.open(byte, firstByte + at - 1)
      else this.close(byte, firstByte + at - 1)
      if (this.depth === 0) return at
    }
    return -1
  }

  /** From inside a string to just after its closing quote, or -1. */
  private scanString(chunk: Buffer, from: number): number {
    this.inString = true
    let at = from
    if (this.escaped) {
      this.escaped = false
      at++
    }
    for (;;) {
      // Names and short values end within a few bytes, where a call into native code costs more than it saves.
      for (const near = Math.min(at + NEAR_BYTES, chunk.length); at < near; at++) {
        const byte = chunk[at]
        if (byte === QUOTE) return this.leaveString(at)
        if (byte === BACKSLASH) at++
      }
      if (at > chunk.length) {
        this.escaped = true
        return -1
      }
      const quote = chunk.indexOf(QUOTE, at)
      const end = quote === -1 ? chunk.length : quote
      const escaped = countBackslashes(chunk, at, end) % 2 === 1
      if (quote !== -1 && !escaped) return this.leaveString(quote)
      this.escaped = quote === -1 && escaped
      if (quote === -1) return -1
      at = quote + 1
    }
  }

  private leaveString(quote: number): number {
    this.inString = false
    return quote + 1
  }

  private open(byte: number, position: number): void {
    if (this.depth + this.outerDepth >= MAX_DEPTH) {
      throw jsonMalformed(position, `arrays and objects are nested deeper than ${MAX_DEPTH}`)
    }
    this.closers[this.depth++] = byte + 2
  }

  private close(byte: number, position: number): void {
    if (this.depth === 0 || this.closers[this.depth - 1] !== byte) {
      throw jsonMalformed(position, `${showByte(byte)} closes nothing that is open`)
    }
    this.depth--
  }
}

/** How many backslashes stand right before `end`, not looking before `start`. */
function countBackslashes(bytes: Buffer, start: number, end: number): number {
  let at = end
  while (at > start && bytes[at - 1] === BACKSLASH) at--
  return end - at
}
