/** Events as text/event-stream (HTML Living Standard, 9.2), made once for all who get them. */
import type { EventFilter, StoredEvent } from './repository.js'

export interface EncodedEvent {
  readonly number: number
  readonly topic: string
  readonly jobId: string | null
  readonly bytes: Buffer
}

/** How long a browser waits before it connects again. */
const RETRY_MS = 2000

/** One block; the data is one line, because JSON text has line breaks in no string. */
export function encodeEvent(event: StoredEvent): EncodedEvent {
  const { event_id, topic, type, subject, job_id, data } = event
  const told = { event_id, topic, type, subject, job_id, created_at: event.created_at.toISOString(), data }
  const bytes = Buffer.from(`id: ${event_id}\nevent: ${type}\ndata: ${JSON.stringify(told)}\n\n`)
  return { number: event_id, topic, jobId: job_id, bytes }
}

/** The first thing on a stream: sent at once, so that a client knows that it is connected, and from which number on. */
export function opening(position: number): string {
  return `: events follow\nretry: ${RETRY_MS}\nid: ${position}\n\n`
}

/** Says that the stream stands, and how far it has got where the filter has let nothing through. */
export function heartbeat(position: number): string {
  return `: heartbeat\nid: ${position}\n\n`
}

/** Says that events after `since` are no longer kept. It has no number: a client that connects again is told again. */
export function lost(since: number, oldest: number): string {
  return `event: events.lost\ndata: ${JSON.stringify({ since, oldest_event_id: oldest })}\n\n`
}

/** Whether the filter lets an event through. */
export function passes({ topics, jobId }: EventFilter, event: EncodedEvent): boolean {
  if (topics !== undefined && !(topics as readonly string[]).includes(event.topic)) return false
  return jobId === undefined || jobId === event.jobId
}
