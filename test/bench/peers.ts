/** The other ways into QuestDB that imports are compared with; each resolves when the rows are readable. */
import { readFile } from 'node:fs/promises'
import { Sender } from '@questdb/nodejs-client'
import { Pool, request } from 'undici'
import type { ColumnBatch } from '../../src/frames/batch.js'
import { engineAddress } from '../../src/questdb/address.js'
import type { QuestDbClient } from '../../src/questdb/client.js'
import { encodeInPieces } from '../../src/questdb/ilp.js'
import { createTable } from '../../src/questdb/tables.js'
import { waitUntilVisible } from '../../src/questdb/visibility.js'
import { type BenchFrame, batchesOf } from './frames.js'

export interface Peer {
  readonly client: QuestDbClient
  readonly url: string
}

const REQUEST_BYTES = 4 * 1024 * 1024
const CONNECTIONS = 2

/** The table that each peer fills, made as this server makes it. */
export function prepare({ client }: Peer, table: string, frame: BenchFrame): Promise<void> {
  return createTable(client, { name: table, columns: [...frame.columns], partitionBy: 'MONTH', dedupKeys: [] })
}

/** Line protocol of a frame, encoded beforehand. */
export function encoded(table: string, frame: BenchFrame): Buffer[] {
  const pieces: Buffer[] = []
  for (const batch of batchesOf(frame))
    for (const { bytes } of encodeInPieces(table, batch, { targetBytes: REQUEST_BYTES })) pieces.push(bytes)
  return pieces
}

/** Sends encoded lines over two connections of its own, as fast as QuestDB takes them. */
export async function replay({ client, url }: Peer, table: string, pieces: readonly Buffer[]): Promise<void> {
  const { origin, headers } = engineAddress(url)
  const pool = new Pool(origin, { connections: CONNECTIONS })
  const waiting = pieces.values()
  const send = async () => {
    for (const body of waiting) {
      const answer = await pool.request({ method: 'POST', path: '/write?precision=us', headers, body })
      const text = await answer.body.text()
      if (answer.statusCode !== 204) throw new Error(`/write answered ${answer.statusCode}: ${text}`)
    }
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, send))
  await pool.close()
  await waitUntilVisible(client, table, { timeoutMs: 120_000 })
}

/** QuestDB's official client for Node, row by row. */
export async function officialSender({ client, url }: Peer, table: string, batches: readonly ColumnBatch[]) {
  const { host, username, password } = new URL(url)
  const sender = await Sender.fromConfig(
    `http::addr=${host};username=${username};password=${password};auto_flush_interval=0;`,
  )
  for (const { rows, timestamps, columns } of batches) {
    for (let row = 0; row < rows; row++) {
      sender.table(table)
      for (const { name, type, values } of columns) {
        if (type === 'long') sender.intColumn(name, Number(values[row]))
        else sender.floatColumn(name, values[row] as number)
      }
      await sender.at(timestamps[row] as bigint, 'us')
    }
  }
  await sender.flush()
  await sender.close()
  await waitUntilVisible(client, table, { timeoutMs: 120_000 })
}

/** QuestDB's own import of CSV. */
export async function imp({ client, url }: Peer, table: string, csv: string): Promise<void> {
  const { origin, headers } = engineAddress(url)
  const head = `--bench\r\nContent-Disposition: form-data; name="data"; filename="${table}.csv"\r\n\r\n`
  const body = Buffer.concat([Buffer.from(head), await readFile(csv), Buffer.from('\r\n--bench--\r\n')])
  const path = `/imp?name=${table}&timestamp=timestamp&partitionBy=MONTH&forceHeader=true&fmt=json&atomicity=abort`
  const answer = await request(`${origin}${path}`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'multipart/form-data; boundary=bench' },
    body,
    headersTimeout: 120_000,
  })
  const text = await answer.body.text()
  if (answer.statusCode !== 200 || !/"status":\s*"OK"/.test(text)) throw new Error(`/imp: ${text.slice(0, 500)}`)
  await waitUntilVisible(client, table, { timeoutMs: 120_000 })
}
