import { Worker } from 'node:worker_threads'
import { fromErrorRecord } from '../errors.js'
import { assembled, type Slices } from '../frames/json-slices.js'
import type { MemberText } from '../frames/small-member.js'
import { nextTurn } from '../turns.js'
import type { JsonReply, JsonRequest, JsonVerdict, JsonWork } from './json-work.js'

/** Text up to here is looked at sooner than another thread could be asked. */
const SHORT_CHARS = 256 << 10

export interface LargeJson {
  readonly json: unknown
  readonly digest: string
}

/**
 * One thread that looks at large JSON bodies, one after the other; what it finds good is parsed here, slice by slice, since handing
 * values over would take longer than making them. It starts with the first such body, and anew after it has died.
 */
export class JsonThread {
  readonly #asked = new Map<number, (reply: JsonReply | Error) => void>()
  #worker: Worker | undefined
  #lastId = 0

  /** Whether the text is for the thread. */
  static isLarge(text: string): boolean {
    return text.length > SHORT_CHARS
  }

  /** A whole body. @throws DomainError as `parseJson` does */
  async parse(text: string, maxValues: number, declared: string | undefined): Promise<LargeJson> {
    const { digest, slices } = await this.#ask({ text, maxValues, declared })
    return { digest, json: await madeOf(text, slices) }
  }

  /** A member of a body that had so many `values` before. @throws DomainError as `parseMember` and `refuseUnstorable` do */
  async parseMember(member: MemberText, maxValues: number, before: number) {
    const { values, slices } = await this.#ask({ member, maxValues, values: before })
    return { values, value: await madeOf(member.text, slices) }
  }

  async close(): Promise<void> {
    await this.#worker?.terminate()
  }

  #ask(work: JsonWork): Promise<JsonVerdict> {
    const request: JsonRequest = { id: ++this.#lastId, work }
    return new Promise((resolve, reject) => {
      this.#asked.set(request.id, (reply) => {
        if (reply instanceof Error) reject(reply)
        else if ('verdict' in reply) resolve(reply.verdict)
        else reject(reply.stack ? new Error(reply.stack) : fromErrorRecord(reply.failed))
      })
      this.#started().postMessage(request)
    })
  }

  #started(): Worker {
    if (this.#worker) return this.#worker
    const worker = new Worker(new URL('./json-worker.js', import.meta.url))
    worker.unref()
    worker.on('message', (reply: JsonReply) => {
      this.#asked.get(reply.id)?.(reply)
      this.#asked.delete(reply.id)
    })
    // The end of the thread is told to those who wait; without a listener an error would end the process.
    worker.on('error', () => {})
    worker.once('exit', () => {
      this.#worker = undefined
      for (const tell of this.#asked.values()) tell(new Error('the thread that looks at large JSON ended'))
      this.#asked.clear()
    })
    this.#worker = worker
    return worker
  }
}

async function madeOf(text: string, slices: Slices | undefined): Promise<unknown> {
  return slices ? assembled(text, slices, nextTurn) : JSON.parse(text)
}
