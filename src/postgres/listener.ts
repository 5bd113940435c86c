/**
 * Hears what other processes and this one tell through PostgreSQL's NOTIFY, on one connection of its own. A notification may be
 * missed while that connection is broken, so whoever listens is told when it is good again (`onGap`) and looks for itself what
 * has happened; it should look now and then without being told as well.
 */
import { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'

export interface ListenerOptions {
  readonly url: string
  readonly connectSeconds: number
  /** Told once for each time that the connection is lost. */
  readonly onLost: (error: unknown) => void
}

const RETRY_MS = 200

/** A connection without traffic is asked so often whether it still stands: a host that vanished closes nothing. */
const CHECK_EVERY_MS = 5000
/** A server that hangs does not answer a farewell. */
const FAREWELL_MS = 500

export class Listener {
  readonly #heard = new Map<string, Set<(payload: string) => void>>()
  readonly #gaps = new Set<() => void>()
  readonly #closing = new AbortController()
  #client: pg.Client | undefined
  #socket: Socket | undefined
  #connecting: Promise<void> | undefined

  constructor(private readonly options: ListenerOptions) {}

  /** Connects, and connects again whenever the connection is lost, until it is closed. */
  start(): void {
    this.#connecting ??= this.#connect().finally(() => {
      this.#connecting = undefined
    })
  }

  /** Calls `hear` with the payload of every notification of the channel; returns what ends that. */
  on(channel: string, hear: (payload: string) => void): () => void {
    const hearing = this.#heard.get(channel) ?? new Set()
    this.#heard.set(channel, hearing.add(hear))
    if (hearing.size === 1) void this.#client?.query(`listen ${pg.escapeIdentifier(channel)}`).catch(() => {})
    return () => {
      hearing.delete(hear)
    }
  }

  /** Calls `look` whenever notifications may have been missed. */
  onGap(look: () => void): () => void {
    this.#gaps.add(look)
    return () => {
      this.#gaps.delete(look)
    }
  }

  /** Ends the connection, or the attempt to make one. */
  async close(): Promise<void> {
    this.#closing.abort()
    await this.#connecting
    const client = this.#client
    this.#client = undefined
    if (client) await Promise.race([client.end().catch(() => {}), sleep(FAREWELL_MS)])
    this.#socket?.destroy()
  }

  async #connect(): Promise<void> {
    const { signal } = this.#closing
    while (!signal.aborted) {
      try {
        await this.#open()
        return
      } catch {
        await sleep(RETRY_MS, undefined, { signal }).catch(() => {})
      }
    }
  }

  async #open(): Promise<void> {
    const { url, connectSeconds } = this.options
    const socket = new Socket()
    const client = new pg.Client({
      connectionString: url,
      application_name: 'stage1-listener',
      connectionTimeoutMillis: connectSeconds * 1000,
      query_timeout: connectSeconds * 1000,
      keepAlive: true,
      stream: () => socket,
    })
    let lost = false
    let check: NodeJS.Timeout | undefined
    const lose = (error: unknown) => {
      if (lost) return
      lost = true
      clearInterval(check)
      socket.destroy()
      if (this.#client !== client) return
      this.#client = undefined
      this.options.onLost(error)
      this.start()
    }
    client.on('error', lose)
    client.on('end', () => lose(new Error('the connection ended')))
    client.on('notification', ({ channel, payload = '' }) => {
      for (const hear of this.#heard.get(channel) ?? []) hear(payload)
    })
    const giveUp = () => lose(this.#closing.signal.reason)
    this.#closing.signal.addEventListener('abort', giveUp)
    try {
      await client.connect()
      for (const channel of this.#heard.keys()) await client.query(`listen ${pg.escapeIdentifier(channel)}`)
    } catch (error) {
      lose(error)
      throw error
    } finally {
      this.#closing.signal.removeEventListener('abort', giveUp)
    }
    if (lost) throw new Error('the connection ended')
    this.#client = client
    this.#socket = socket
    check = setInterval(() => void client.query('select 1').catch(lose), CHECK_EVERY_MS).unref()
    for (const look of this.#gaps) look()
  }
}
