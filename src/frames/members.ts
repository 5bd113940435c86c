/**
 * Reads a JSON object body while its bytes go by, keeping the small members and only the places of the large ones.
 *
 * A body may be hundreds of megabytes of rows or CSV text with a few names around it. This tells what the names are
 * and where the large values lie, in one pass, on the thread that spools the body; the large values are read later
 * from the spool by a decoder, on another thread. So it promises that the object around the members is well-formed
 * to its last byte, that no member is named twice, and that each small member is valid JSON in valid UTF-8 that parsing
 * does not change (json-exact.ts). Of a large value it promises only where it begins and ends: what is between is for its
 * decoder to judge.
 * It is not a validator of the contract: unknown members come back like the others.
 * Whatever is wrong is a `JSON_MALFORMED` with its byte, or `BODY_TOO_LARGE` when the small members are not small.
 * A UTF-8 byte order mark before the object is skipped; byte positions count it.
 */
import { DomainError } from '../errors.js'
import { JsonBounds } from './json-bounds.js'
import {
  CLOSE_OBJECT,
  COLON,
  COMMA,
  isJsonSpace,
  jsonMalformed,
  OPEN_ARRAY,
  OPEN_OBJECT,
  QUOTE,
  showByte,
  ValueScanner,
} from './json-scan.js'
import { type MemberText, memberPointer, parseMember } from './small-member.js'
import type { ParseLater, SpooledMember } from './spooled.js'

export interface Members {
  /** Every member that is not in `large`, parsed. */
  readonly head: Record<string, unknown>
  /** Where the values of the others lie in the body, quotes or brackets included; kind 'other' is an object. */
  readonly large: Map<string, SpooledMember>
}

type State =
  | 'start'
  | 'first name'
  | 'name'
  | 'in name'
  | 'colon'
  | 'value'
  | 'in value'
  | 'in literal'
  | 'comma'
  | 'end'

const BOM = [0xef, 0xbb, 0xbf]

export class JsonMembers {
  private state: State = 'start'
  private readonly scanner = new ValueScanner(1)
  private readonly decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  private readonly entries: [string, unknown][] = []
  private readonly ranges = new Map<string, SpooledMember>()
  private readonly names = new Set<string>()
  private name = ''
  /** Bytes of the name or small value being read, and how many of all such there were. */
  private kept: Buffer[] = []
  private headBytes = 0
  private readonly bounds: JsonBounds
  private readonly later: (MemberText & { readonly entry: number })[] = []
  private keeping = true
  private valueStart = 0
  private valueKind: SpooledMember['kind'] = 'other'
  /** How much of a byte order mark was read. */
  private markBytes = 0
  /** Position of the chunk being read, and of its end when there is none. */
  private position = 0

  /**
   * `large` names the members whose value stays where it is when it is an array, a string or an object.
   * The names and values of all other members may have `maxHeadBytes` bytes, and `maxHeadValues` members
   * and items, in all.
   */
  constructor(
    private readonly large: ReadonlySet<string>,
    private readonly maxHeadBytes: number,
    maxHeadValues?: number,
    /** Which small members are not so small, and are parsed by `settle`. */
    private readonly isForLater: (text: string) => boolean = () => false,
  ) {
    this.bounds = new JsonBounds(maxHeadValues)
  }

  /** Parses the members that were left for later; `parse` is given the values that the body had before, and tells those it has now. */
  async settle(parse: ParseLater): Promise<void> {
    for (const { entry, ...member } of this.later) {
      const { value, values } = await parse(member, this.bounds.values)
      this.bounds.values = values
      ;(this.entries[entry] as [string, unknown])[1] = value
    }
  }

  /** Takes the next bytes of the body. Throws `JSON_MALFORMED` or `BODY_TOO_LARGE`. */
  push(chunk: Uint8Array): void {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    for (let at = 0; at < bytes.length; ) at = this.step(bytes, at)
    this.position += bytes.length
  }

  /** What the body holds. Throws `JSON_MALFORMED` when it ends before the object does. */
  end(): Members {
    if (this.state !== 'end') throw jsonMalformed(this.position, this.endsEarly())
    return { head: Object.fromEntries(this.entries), large: this.ranges }
  }

  /** Reads on from `at`, at least one byte, and returns the index after what it read. */
  private step(bytes: Buffer, at: number): number {
    if (this.state === 'in name' || this.state === 'in value') return this.readOn(bytes, at)
    if (this.state === 'in literal') return this.readLiteral(bytes, at)
    const byte = bytes[at] as number
    if (isJsonSpace(byte)) return at + 1
    const position = this.position + at
    switch (this.state) {
      case 'start':
        if (byte === BOM[position]) return this.readMark(at)
        if (byte !== OPEN_OBJECT || this.markBytes % BOM.length !== 0)
          throw unexpected(position, byte, 'the body must be a JSON object')
        this.state = 'first name'
        return at + 1
      case 'first name':
      case 'name':
        if (byte === CLOSE_OBJECT && this.state === 'first name') this.state = 'end'
        else if (byte === QUOTE) return this.beginName(bytes, at)
        else throw unexpected(position, byte, 'expected the name of a member')
        return at + 1
      case 'colon':
        if (byte !== COLON) throw unexpected(position, byte, `expected ":" after ${this.shownName()}`)
        this.state = 'value'
        return at + 1
      case 'value':
        return this.beginValue(bytes, at)
      case 'comma':
        if (byte !== COMMA && byte !== CLOSE_OBJECT) {
          throw unexpected(position, byte, `expected "," or "}" after the value of ${this.shownName()}`)
        }
        this.state = byte === COMMA ? 'name' : 'end'
        return at + 1
      default:
        throw unexpected(position, byte, 'the body goes on after its object has ended')
    }
  }

  private readMark(at: number): number {
    this.markBytes++
    return at + 1
  }

  private beginName(bytes: Buffer, at: number): number {
    this.state = 'in name'
    this.valueStart = this.position + at
    this.keeping = true
    return this.readOn(bytes, at)
  }

  private beginValue(bytes: Buffer, at: number): number {
    const byte = bytes[at] as number
    this.valueStart = this.position + at
    const literal = byte !== QUOTE && byte !== OPEN_ARRAY && byte !== OPEN_OBJECT
    this.keeping = literal || !this.large.has(this.name)
    if (literal) {
      this.state = 'in literal'
      return this.readLiteral(bytes, at)
    }
    this.valueKind = byte === OPEN_ARRAY ? 'array' : byte === QUOTE ? 'string' : 'other'
    this.state = 'in value'
    return this.readOn(bytes, at)
  }

  /** Reads the string, array or object that a name or value is, up to its end or the chunk's. */
  private readOn(bytes: Buffer, at: number): number {
    const end = this.scanner.scan(bytes, at, this.position)
    if (this.keeping) this.keep(bytes.subarray(at, end === -1 ? bytes.length : end))
    if (end === -1) return bytes.length
    if (this.state === 'in name') this.finishName()
    else this.finishValue(this.position + end)
    return end
  }

  /** Numbers, true, false and null have no end of their own: what can't belong to them ends them. */
  private readLiteral(bytes: Buffer, from: number): number {
    let at = from
    while (at < bytes.length && isLiteralByte(bytes[at] as number)) at++
    this.keep(bytes.subarray(from, at))
    if (at === bytes.length) return at
    this.finishValue(this.position + at)
    return at
  }

  private finishName(): void {
    const name = this.parseKept('a name') as string
    if (this.names.has(name)) {
      throw new DomainError('JSON_MALFORMED', `byte ${this.valueStart}: the member ${show(name)} is there twice`, {
        byte: this.valueStart,
        member: name,
      })
    }
    this.names.add(name)
    this.bounds.takeValue()
    this.name = name
    this.state = 'colon'
  }

  private finishValue(end: number): void {
    if (this.keeping) this.takeMember(this.keptText(`the value of ${this.shownName()}`, this.name))
    else this.ranges.set(this.name, { start: this.valueStart, end, kind: this.valueKind })
    this.state = 'comma'
  }

  private takeMember(member: MemberText): void {
    const isLater = this.isForLater(member.text)
    if (isLater) this.later.push({ ...member, entry: this.entries.length })
    this.entries.push([this.name, isLater ? undefined : parseMember(member, this.bounds)])
  }

  private keep(part: Buffer): void {
    this.headBytes += part.length
    if (this.headBytes > this.maxHeadBytes) {
      const except = this.large.size === 0 ? '' : ` other than ${[...this.large].join(', ')}`
      throw new DomainError(
        'BODY_TOO_LARGE',
        `the members of the body${except} may have ${this.maxHeadBytes} bytes in all, and there are more`,
        { limit: this.maxHeadBytes },
      )
    }
    // A copy: the chunk belongs to whoever pushed it.
    this.kept.push(Buffer.from(part))
  }

  private parseKept(what: string, member = ''): unknown {
    return parseMember(this.keptText(what, member), this.bounds)
  }

  private keptText(what: string, member: string): MemberText {
    const bytes = Buffer.concat(this.kept)
    this.kept = []
    try {
      return { what, pointer: memberPointer(member), text: this.decoder.decode(bytes), start: this.valueStart }
    } catch {
      throw jsonMalformed(this.valueStart, `${what} is not valid UTF-8`)
    }
  }

  private endsEarly(): string {
    if (this.state === 'start') return 'the body is empty: it must be a JSON object'
    const inside = this.state === 'in value' || this.state === 'in literal' || this.state === 'value'
    const where = inside ? `inside the value of ${this.shownName()}` : 'before its object is closed'
    return `the body ends early, ${where}: was it sent completely?`
  }

  private shownName(): string {
    return show(this.name)
  }
}

function unexpected(position: number, byte: number, sentence: string): DomainError {
  return jsonMalformed(position, `${sentence}, found ${showByte(byte)}`)
}

function isLiteralByte(byte: number): boolean {
  return !isJsonSpace(byte) && byte !== COMMA && byte !== CLOSE_OBJECT
}

function show(name: string): string {
  return JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name)
}
