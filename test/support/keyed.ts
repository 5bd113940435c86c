/** Requests with an `Idempotency-Key`, and what is kept of them. */
import { randomUUID } from 'node:crypto'
import type { Received, TestClient } from './server.js'

export const newKey = () => randomUUID()

export const keyed = (key: string) => ({ headers: { 'idempotency-key': key } })

/** What of an answer a repetition must bring again. */
export const answerIn = ({ status, headers, text }: Received) => ({
  status,
  text,
  location: headers.get('location'),
  media: headers.get('content-type'),
})

export const isReplayed = ({ headers }: Received) => headers.get('idempotency-replayed') === 'true'

/** Posts a CSV to one of the import routes under a key. */
export function importUnder(
  client: TestClient,
  key: string,
  query: string,
  csv: string,
  route: '' | '/async' = '',
): Promise<Received> {
  return client.send('POST', `/api/questdb/import${route}?${query}`, { ...keyed(key), body: csv, media: 'text/csv' })
}
