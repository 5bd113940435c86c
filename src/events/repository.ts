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
