/** Clients at work while processes come and go, and the account of what they were told. */
import { setTimeout as sleep } from 'node:timers/promises'
import { eventually } from '../support/eventually.js'
import { ended } from '../support/imports.js'
import type { TestClient } from '../support/server.js'
import type { Deed, DeedKind, Found, World } from './deeds.js'

interface Entry {
  readonly deed: Deed
  readonly told: 'done' | 'accepted' | 'nothing'
  readonly jobId?: string
}

export interface Counts {
  acknowledged: number
  accepted: number
  unanswered: number
  refused: number
  failedJobs: number
}

export class Ledger {
  readonly counts: Counts = { acknowledged: 0, accepted: 0, unanswered: 0, refused: 0, failedJobs: 0 }
  #open: Entry[] = []
  #settled: Entry[] = []
  #stopped = false
  #next = 0
  #clients: Promise<void>[] = []

  constructor(
    private readonly world: World,
    private readonly client: TestClient,
    /** The clients' deeds are of these, in turn. */
    private readonly kinds: readonly DeedKind[],
  ) {}

  /** So many clients send one deed after the other until `stop`. */
  start(clients: number): void {
    this.#stopped = false
    this.#clients = Array.from({ length: clients }, () => this.#work())
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await Promise.all(this.#clients)
  }

  /**
   * Looks up everything that was sent since the last time: what is not settled within the limit, or is not as it was told, is thrown
   * with its name.
   */
  async settle(limitMs: number): Promise<void> {
    const open = this.#open
    this.#open = []
    for (const entry of open) await this.#settle(entry, limitMs)
    this.#settled.push(...open)
  }

  /** Looks up everything once more: what was there must still be. */
  async settleAll(limitMs: number): Promise<number> {
    for (const entry of this.#settled) await this.#settle(entry, limitMs)
    return this.#settled.length
  }

  async #work(): Promise<void> {
    while (!this.#stopped) {
      const kind = this.kinds[this.#next++ % this.kinds.length] as DeedKind
      this.#open.push(await this.#send(kind(this.world)))
    }
  }

  async #send(deed: Deed): Promise<Entry> {
    try {
      const answer = await deed.send(this.client)
      if (answer.status === 202) {
        this.counts.accepted++
        return { deed, told: 'accepted', jobId: (answer.json as { job_id: string }).job_id }
      }
      if (answer.status < 300) {
        this.counts.acknowledged++
        return { deed, told: 'done' }
      }
      // Another server has taken the work over, and will finish it.
      const superseded = (answer.json as { code?: string } | undefined)?.code === 'SUPERSEDED'
      if (answer.status < 500 && !superseded) throw new Error(`${deed.what}: ${answer.status} ${answer.text}`)
      this.counts.refused++
      await sleep(50)
    } catch (error) {
      if (!isBroken(error)) throw error
      this.counts.unanswered++
      await sleep(50)
    }
    return { deed, told: 'nothing' }
  }

  async #settle({ deed, told, jobId }: Entry, limitMs: number): Promise<void> {
    if (told === 'accepted') {
      const job = await ended(this.client, jobId as string, limitMs)
      const found = await deed.look(this.client)
      if (job.status === 'FAILED') this.counts.failedJobs++
      const expected = job.status === 'COMPLETED' ? 'whole' : 'absent'
      if (found !== expected) throw new Error(`${deed.what}: its job is ${job.status}, and it is ${shown(found)}`)
      return
    }
    let last: Found = 'absent'
    await eventually(
      `${deed.what}, told ${told}, is settled`,
      async () => {
        last = await deed.look(this.client)
        return told === 'done' ? last === 'whole' : last === 'whole' || last === 'absent'
      },
      limitMs,
    ).catch((error: Error) => {
      throw new Error(`${deed.what}, told ${told}: it is ${shown(last)}; ${error.message}`)
    })
  }
}

function shown(found: Found): string {
  return typeof found === 'string' ? found : found.half
}

/** The connection broke, as it does when the other side is killed. */
function isBroken(error: unknown): boolean {
  return error instanceof TypeError && /fetch failed|terminated/.test(error.message)
}
