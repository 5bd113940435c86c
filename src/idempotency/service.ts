/**
 * Requests that are done once, however often they are sent under one key.
 *
 * A key belongs to the token that it is sent with (the holder), so nobody is ever shown an answer to another's request, nor can use up
 * another's keys. It is bound to the request's target and body, and to a work id that the first request is given. The row of a key is
 *
 *   in progress  its owner has a lease by the database's clock, renewed while it works;
 *   lapsed       the owner died, or let go after a fault of the server: the next such request takes the key over, with its work id;
 *   answered     the first success, which every further request is given.
 *
 * A refusal deletes the row: nothing was stored, and the same key may come with a mended body. Only where an earlier request has left work
 * that stands, and its repetition is refused before it comes to find that, the row stays.
 *
 * Why there is one effect: what must not be done twice is stored under the work id (a job, an upload), whose primary key lets one of
 * two in. A request that takes over a key finds the job of the first, wherever that died, and is given its outcome. Only when
 * that job ended without effect is the work id made anew, in the statement that takes the key, so the work is begun again. What has
 * no such id (simulations, appends, registrations, runs without predictions) ends in the same state when it is done again, and a
 * record that is made remembers the work id, so that the answer says created again (records/made-by). A run or simulation that was saved
 * by another request between the two stays as that one left it (`firstSent`).
 */
import { createHash, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { crashPoint } from '../crash.js'
import { DomainError } from '../errors.js'
import type { Handle } from '../postgres/handle.js'
import * as repository from './repository.js'

export type { KeptAnswer } from './repository.js'

/** A request with a key. */
export interface KeyedRequest {
  /** The token's id. */
  readonly holder: string
  readonly key: string
  /** Method, path and query. */
  readonly target: string
  /** Tells the body from others, such as its digest. */
  readonly body: string
}

export interface IdempotencyOptions {
  readonly db: Handle
  readonly leaseSeconds: number
  readonly keepHours: number
  /** Told when the end of a request could not be written to its key, whose lease runs out then. */
  readonly onError: (error: unknown) => void
}

/**
 * When work that is begun again, since its server died before it could answer, was first asked for: what others have stored since then is
 * newer, and stays. Undefined for work that is begun for the first time, or has no key.
 */
export async function firstSent(db: Handle, workId: string | undefined): Promise<Date | undefined> {
  return workId === undefined ? undefined : repository.findFirstSent(db, workId)
}

const MOST_ANSWER_CHARACTERS = 1 << 20
const WAIT_MS = 2000
const FIRST_PAUSE_MS = 5
const LONGEST_PAUSE_MS = 100
const SWEEP_BATCH = 1000

export class IdempotencyService {
  constructor(private readonly options: IdempotencyOptions) {}

  /**
   * Does the work unless the key has its answer already, and keeps the answer.
   * @param refused whether an error of the work means that nothing was stored and nothing goes on
   * @throws DomainError IDEMPOTENCY_KEY_REUSED, IDEMPOTENCY_IN_PROGRESS, POSTGRES_UNAVAILABLE, or what the work throws
   */
  async once(
    request: KeyedRequest,
    signal: AbortSignal,
    work: (workId: string) => Promise<repository.KeptAnswer>,
    refused: (error: unknown) => boolean,
  ): Promise<{ readonly answer: repository.KeptAnswer; readonly replayed: boolean }> {
    const claimed = await this.#claim(request, signal)
    if ('answer' in claimed) return { answer: claimed.answer, replayed: true }
    const { claim, workId } = claimed
    await crashPoint('idempotency-claimed')
    const heartbeat = this.#keepLease(claim)
    try {
      const answer = await work(workId)
      await crashPoint('idempotency-answer-made')
      await this.#settle(() => this.#keep(claim, answer))
      await crashPoint('idempotency-answer-kept')
      return { answer, replayed: false }
    } catch (error) {
      await this.#settle(() => this.#letGo(claim, refused(error)))
      throw error
    } finally {
      clearInterval(heartbeat)
    }
  }

  /** Forgets keys whose time is over. */
  async sweep(): Promise<void> {
    const { db, keepHours } = this.options
    while ((await repository.deleteOldKeys(db, keepHours, SWEEP_BATCH)) === SWEEP_BATCH);
  }

  async #claim(request: KeyedRequest, signal: AbortSignal) {
    const { db, leaseSeconds } = this.options
    const values = { ...request, target: sha256(request.target), body: sha256(request.body) }
    const claim = { holder: request.holder, key: request.key, owner: randomUUID() }
    const until = performance.now() + WAIT_MS
    let pauseMs = FIRST_PAUSE_MS
    for (let free = true; ; ) {
      const workId = free ? await repository.claimKey(db, values, claim.owner, leaseSeconds) : undefined
      if (workId !== undefined) return { claim, workId }
      const known = await repository.findKey(db, request.holder, request.key)
      if (known) requireSame(known, values)
      if (known && isAnswered(known)) return { answer: known }
      free = !known || known.lapsed
      if (free) continue
      if (performance.now() >= until)
        throw new DomainError(
          'IDEMPOTENCY_IN_PROGRESS',
          'a request with this Idempotency-Key is at work; send this again shortly to get its answer',
        )
      await sleep(pauseMs)
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)
      signal.throwIfAborted()
    }
  }

  /** A large answer is not kept; the request is done again then, by the rules of a key that was let go. */
  #keep(claim: repository.KeyClaim, answer: repository.KeptAnswer): Promise<void> {
    const { db } = this.options
    if (answer.body.length > MOST_ANSWER_CHARACTERS) return repository.releaseKey(db, claim)
    return repository.keepAnswer(db, claim, answer)
  }

  async #letGo(claim: repository.KeyClaim, refused: boolean): Promise<void> {
    const { db } = this.options
    if (refused) await repository.forgetKey(db, claim)
    await repository.releaseKey(db, claim)
  }

  /** The request has ended by now, and its client is told how, also when that can't be written down. */
  async #settle(write: () => Promise<void>): Promise<void> {
    try {
      await write()
    } catch (error) {
      this.options.onError(error)
    }
  }

  #keepLease(claim: repository.KeyClaim): NodeJS.Timeout {
    const { db, leaseSeconds } = this.options
    const renew = () => repository.renewKey(db, claim, leaseSeconds).catch(() => {})
    return setInterval(renew, (leaseSeconds * 1000) / 3).unref()
  }
}

type KnownKey = NonNullable<Awaited<ReturnType<typeof repository.findKey>>>

function isAnswered(known: KnownKey): known is KnownKey & repository.KeptAnswer {
  return known.status !== null
}

/** @throws DomainError IDEMPOTENCY_KEY_REUSED saying what differs */
function requireSame(known: KnownKey, { target, body }: repository.KeyValues): void {
  const differs = !known.target_sha256.equals(target)
    ? 'method, path or query'
    : !known.body_sha256.equals(body)
      ? 'body'
      : undefined
  if (differs === undefined) return
  throw new DomainError(
    'IDEMPOTENCY_KEY_REUSED',
    `this Idempotency-Key was used for a request with another ${differs}; nothing was done. Make a new key for each request`,
    [{ in: 'header', pointer: '/idempotency-key', expected: `the ${differs} of the first request` }],
  )
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
