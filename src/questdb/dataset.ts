import { Transform, type TransformCallback } from 'node:stream'
import type { ResultColumn } from './client.js'
import { nonsense, refusedStatement } from './failures.js'

/**
 * QuestDB's JSON answer, taken apart while its bytes arrive:
 *
 *   {"query":"…","columns":[…],"timestamp":0,"dataset":[[row],[row],…],"count":N}
 *
 * The rows go through a `RowForm` and leave; what stands before them is read for the columns. A query that fails
 * after its first rows is still a 200 and still good JSON: its last row may be short, and behind the count stands
 * `,"error":"…", "errorPos":N}`. Only the very end tells. So the last kilobytes stay here until the end has come, and
 * an answer that does not end like a success destroys the stream instead of ending it: no reader can take it for whole.
 *
 * Rows are not parsed here. `"dataset":[` cannot stand earlier, nor the ending inside an error's text, since a quote
 * inside a JSON string has a backslash before it.
 */
export interface RowForm {
  /** What leaves before the rows. */
  begin(columns: readonly ResultColumn[]): Buffer
  /** The next bytes of `[row],[row],…`, cut anywhere; returns what leaves for them. */
  next(rows: Buffer): Buffer
  /** What leaves after the rows, closing bracket included. */
  end(count: string): Buffer
}

const DATASET = Buffer.from('"dataset":[')
const SUCCESS = /\],"count":(\d+)\}\s*$/
const FAILURE = /"error":("(?:[^"\\]|\\.)*")(?:,\s*"errorPos":(\d+))?\}\s*$/
const LONGEST_HEAD = 4 * 1024 * 1024
/** Longer than the ending of a success, and than any error worth reading. */
const TAIL = 4 * 1024

export class Dataset extends Transform {
  readonly #form: RowForm
  #head: Buffer | undefined = Buffer.alloc(0)
  #begin: Buffer = Buffer.alloc(0)
  readonly #held: Buffer[] = []
  #heldBytes = 0

  constructor(form: RowForm) {
    super()
    this.#form = form
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#attempt(() => (this.#head === undefined ? this.#hold(chunk) : this.#readHead(this.#head, chunk)), done)
  }

  override _flush(done: TransformCallback): void {
    this.#attempt(() => this.#close(), done)
  }

  #attempt(step: () => void, done: TransformCallback): void {
    try {
      step()
      done()
    } catch (error) {
      done(error as Error)
    }
  }

  #readHead(before: Buffer, chunk: Buffer): void {
    const head = Buffer.concat([before, chunk])
    const end = head.indexOf(DATASET, Math.max(0, before.length - DATASET.length))
    if (end < 0 && head.length > LONGEST_HEAD) throw nonsense(head.toString('utf8', 0, TAIL))
    this.#head = end < 0 ? head : undefined
    if (end < 0) return
    this.#begin = this.#form.begin(columnsOf(head.toString('utf8', 0, end)))
    this.#hold(head.subarray(end + DATASET.length))
  }

  #hold(chunk: Buffer): void {
    this.#held.push(chunk)
    this.#heldBytes += chunk.length
    for (let first = this.#held[0]; first && this.#heldBytes - first.length >= TAIL; first = this.#held[0]) {
      this.#held.shift()
      this.#heldBytes -= first.length
      this.#release(first)
    }
  }

  #release(rows: Buffer): void {
    if (this.#begin.length > 0) this.push(this.#begin)
    this.#begin = Buffer.alloc(0)
    if (rows.length > 0) this.push(this.#form.next(rows))
  }

  #close(): void {
    if (this.#head !== undefined) throw failureIn(this.#head.toString('utf8'))
    const rest = Buffer.concat(this.#held)
    const tail = rest.toString('latin1', Math.max(0, rest.length - TAIL))
    const success = SUCCESS.exec(tail)
    if (success === null) throw failureIn(rest.toString('utf8'))
    this.#release(rest.subarray(0, rest.length - success[0].length))
    this.push(this.#form.end(success[1] ?? '0'))
  }
}

function columnsOf(head: string): readonly ResultColumn[] {
  try {
    const { columns } = JSON.parse(`${head}"dataset":[]}`) as { columns?: unknown }
    if (Array.isArray(columns)) return columns
  } catch {}
  throw nonsense(head)
}

function failureIn(text: string): Error {
  const [, error, position] = FAILURE.exec(text) ?? []
  if (error === undefined) return nonsense(text.slice(-TAIL))
  return refusedStatement(JSON.parse(error) as string, position === undefined ? undefined : Number(position))
}
