import type { AreaHandlers } from '../http/contract.js'
import type { EventFilter, EventService } from './service.js'

export function eventsOperations(events: EventService): AreaHandlers<'streamEvents'> {
  return {
    streamEvents: async ({ query, headers, signal }) => {
      const filter: EventFilter = {
        ...(query.topics && { topics: query.topics }),
        ...(query.job_id && { jobId: query.job_id.toLowerCase() }),
      }
      const stream = await events.stream(filter, sinceOf(query.since, headers['last-event-id']), signal)
      return { status: 200, media: 'text/event-stream', stream }
    },
  }
}

/** A browser that connects again sends the URL of the first time, and in the header how far it has got. */
function sinceOf(inQuery: number | undefined, inHeader: string | string[] | undefined) {
  if (inHeader !== undefined) return { number: Number(inHeader), from: { in: 'header', pointer: '/last-event-id' } }
  return inQuery === undefined ? undefined : { number: inQuery, from: { in: 'query', pointer: '/since' } }
}
