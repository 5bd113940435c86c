import { sql } from 'kysely'
import type { Handle } from '../postgres/handle.js'

export type EventTopic = 'jobs' | 'datasets' | 'runs' | 'simulations'

/** Something that has happened, for whoever listens to events. */
export interface NewEvent {
  readonly topic: EventTopic
  /** What happened, as `<thing>.<past tense>`: `job.claimed`, `run.saved`. */
  readonly type: string
  /** Id of the dataset, run, simulation or job. */
  readonly subject: string
  readonly jobId?: string
  readonly data: Record<string, unknown>
}

/** An event as it is stored. */
export interface StoredEvent {
  readonly event_id: number
  readonly topic: string
  readonly type: string
  readonly subject: string
  readonly job_id: string | null
  readonly data: Record<string, unknown>
  readonly created_at: Date
}

/** Events that are wanted: of these topics, of this job; all of them when it does not say. */
export interface EventFilter {
  readonly topics?: readonly EventTopic[]
  readonly jobId?: string
}

/** The channel on which new events are told; the payload is the job's id, or empty. */
export const EVENTS_CHANNEL = 'stage1_events'

/** Stores events; they are told when the transaction is committed. */
export async function insertEvents(tx: Handle, events: readonly NewEvent[]): Promise<void> {
  if (events.length === 0) return
  await tx
    .insertInto('stage1_events')
    .values(
      events.map(({ topic, type, subject, jobId, data }) => ({
        topic,
        type,
        subject,
        job_id: jobId ?? null,
        data: JSON.stringify(data),
      })),
    )
    .execute()
  for (const payload of new Set(events.map(({ jobId }) => jobId ?? '')))
    await sql`select pg_notify(${EVENTS_CHANNEL}, ${payload})`.execute(tx)
}

/** The first events after a number, in the order of their numbers; with `upTo` none with a number above it. */
export async function findEvents(
  db: Handle,
  after: number,
  { limit, upTo, filter = {} }: { limit: number; upTo?: number; filter?: EventFilter },
): Promise<StoredEvent[]> {
  return db
    .selectFrom('stage1_events')
    .selectAll()
    .where('event_id', '>', after)
    .$if(upTo !== undefined, (query) => query.where('event_id', '<=', upTo as number))
    .$if(filter.topics !== undefined, (query) => query.where('topic', 'in', filter.topics as EventTopic[]))
    .$if(filter.jobId !== undefined, (query) => query.where('job_id', '=', filter.jobId as string))
    .orderBy('event_id')
    .limit(limit)
    .execute()
}

/** The highest number that was ever given to an event, whether or not it was stored in the end. */
export async function lastNumber(db: Handle): Promise<number> {
  const { rows } = await sql<{ last: number }>`
    select case when is_called then last_value else 0 end as last from stage1_events_event_id_seq`.execute(db)
  return rows[0]?.last ?? 0
}

/** The transactions that have the right to write events now, and may hold numbers that nobody sees yet. */
export async function findWriters(db: Handle): Promise<string[]> {
  const { rows } = await sql<{ writer: string }>`
    select virtualtransaction as writer from pg_locks
    where locktype = 'relation' and relation = 'stage1_events'::regclass and mode = 'RowExclusiveLock' and granted
      and database = (select oid from pg_database where datname = current_database())`.execute(db)
  return rows.map(({ writer }) => writer)
}

/** The number up to which events have been removed because of their age. */
export async function removedUpTo(db: Handle): Promise<number> {
  const { up_to } = await db.selectFrom('stage1_events_removed').select('up_to').executeTakeFirstOrThrow()
  return up_to
}

/** Removes at most `limit` of the events that are older, the oldest first, and remembers that; returns how many it were. */
export async function removeEvents(tx: Handle, olderThanDays: number, limit: number): Promise<number> {
  const removed = await tx
    .deleteFrom('stage1_events')
    .where('event_id', 'in', (query) =>
      query
        .selectFrom('stage1_events')
        .select('event_id')
        .where('created_at', '<', sql<Date>`now() - make_interval(days => ${olderThanDays})`)
        .orderBy('event_id')
        .limit(limit),
    )
    .returning('event_id')
    .execute()
  if (removed.length === 0) return 0
  const upTo = Math.max(...removed.map(({ event_id }) => event_id))
  await tx
    .updateTable('stage1_events_removed')
    .set({ up_to: sql<number>`greatest(up_to, ${upTo})` })
    .execute()
  return removed.length
}
