import type { Handle } from '../postgres/handle.js'
import * as repository from './repository.js'

export type { AuditFilter, NewEntry, Outcome } from './repository.js'

export interface AuditParts {
  readonly db: Handle
  readonly keepDays: number
  /** Told when an outcome could not be written; the entry then stays without one. */
  readonly onError: (error: unknown) => void
}

const REMOVED_AT_A_TIME = 5000

/** Who has written what. An entry is stored before the work it tells of begins, so that no write is without one. */
export class AuditService {
  constructor(private readonly parts: AuditParts) {}

  /** @throws DomainError POSTGRES_UNAVAILABLE; the work must not begin then */
  begin(entry: repository.NewEntry): Promise<number> {
    return repository.insertEntry(this.parts.db, entry)
  }

  /** Never throws: what was done is done. */
  async end(auditId: number, outcome: repository.Outcome): Promise<void> {
    try {
      await repository.setOutcome(this.parts.db, auditId, outcome)
    } catch (error) {
      this.parts.onError(error)
    }
  }

  /** Newest first. */
  async list(filter: repository.AuditFilter, limit: number) {
    const found = await repository.listEntries(this.parts.db, filter, limit + 1)
    return { entries: found.slice(0, limit), hasMore: found.length > limit }
  }

  /** Removes entries that are older than they are kept, in steps that hold up nobody. */
  async sweep(): Promise<void> {
    const { db, keepDays } = this.parts
    while ((await repository.removeOldEntries(db, keepDays, REMOVED_AT_A_TIME)) === REMOVED_AT_A_TIME);
  }
}
