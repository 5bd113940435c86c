/** Exports as clients read them. */
import { parquetReadObjects } from 'hyparquet'
import { contractBreach } from './contract.js'
import type { TestServer } from './server.js'

export interface Exported {
  readonly status: number
  readonly headers: Headers
  readonly bytes: Buffer
}

/** Sends a request whose answer is a file, and reads it as bytes; fails when status or media type break the contract. */
export async function fetchBytes(
  server: TestServer,
  method: 'GET' | 'POST',
  path: string,
  options: {
    readonly json?: unknown
    readonly headers?: Readonly<Record<string, string>>
    readonly signal?: AbortSignal
  } = {},
): Promise<Exported> {
  const answer = await fetch(server.url + path, {
    method,
    headers: { 'content-type': 'application/json', 'x-stage1-token': server.token, ...options.headers },
    ...(options.json === undefined ? {} : { body: JSON.stringify(options.json) }),
    ...(options.signal ? { signal: options.signal } : {}),
  })
  const bytes = Buffer.from(await answer.arrayBuffer())
  const media = (answer.headers.get('content-type') ?? '').split(';')[0] as string
  const json = media.endsWith('json') && answer.status !== 206 ? JSON.parse(bytes.toString()) : undefined
  const breach = contractBreach(method, path, { status: answer.status, media, json })
  if (breach) throw new Error(`${breach}\n${bytes.toString().slice(0, 1000)}`)
  return { status: answer.status, headers: answer.headers, bytes }
}

/** The rows of a Parquet file; LONG as bigint, times as Date. */
export function parquetRowsOf(bytes: Buffer): Promise<Record<string, unknown>[]> {
  return parquetReadObjects({ file: arrayBufferOf(bytes) })
}

export function arrayBufferOf(bytes: Buffer): ArrayBuffer {
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer
}
