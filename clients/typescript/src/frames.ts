/** Frames (many rows) into the server and out of it, as bytes of one of its formats. */
import type { paths } from './api.js'
import type { Schemas, Stage1 } from './client.js'
import { succeeded } from './problem.js'
import { sentOnce } from './retry.js'

export type FrameMedia =
  | 'text/csv'
  | 'application/json'
  | 'application/vnd.apache.arrow.stream'
  | 'application/vnd.apache.arrow.file'
  | 'application/vnd.apache.parquet'

/** What can be sent. Of a stream there is no second try: what was read is gone. */
export type FrameBody = Blob | Uint8Array<ArrayBuffer> | string | ReadableStream<Uint8Array>

export interface SendFrameOptions {
  /** Told how many bytes have left; browsers tell only of what is no stream when it has all been sent. */
  readonly onProgress?: (bytes: number) => void
  readonly signal?: AbortSignal
}

export type ImportOptions = Omit<paths['/api/questdb/import']['post']['parameters']['query'], 'measurement'>
export type ImportReceipt = Schemas['ImportReceipt']

/** Stores the rows in a measurement and returns when they can be read. @throws Stage1Error that names row and column of a fault */
export async function importFrame(
  client: Stage1,
  frame: { readonly measurement: string; readonly media: FrameMedia; readonly body: FrameBody } & ImportOptions,
  options: SendFrameOptions = {},
): Promise<ImportReceipt> {
  return sendFrame(client, '/api/questdb/import', frame, options)
}

/** Like `importFrame`, but returns as soon as the rows are safe; `waitForJob` then tells when they can be read. */
export async function queueImport(
  client: Stage1,
  frame: { readonly measurement: string; readonly media: FrameMedia; readonly body: FrameBody } & ImportOptions,
  options: SendFrameOptions = {},
): Promise<ImportReceipt> {
  return sendFrame(client, '/api/questdb/import/async', frame, options)
}

/** Keeps a file on the server, to be named in requests that follow. */
export async function upload(
  client: Stage1,
  file: { readonly filename?: string; readonly media: FrameMedia; readonly body: FrameBody },
  options: SendFrameOptions = {},
): Promise<Schemas['Upload']> {
  return sendFrame(client, '/api/uploads', file, options)
}

/** The rows that the request asks for, as a stream of bytes in its format. */
export async function exportFrame(
  client: Stage1,
  request: Schemas['ExportRequest'],
  signal?: AbortSignal,
): Promise<ReadableStream<Uint8Array>> {
  const init = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(request) }
  const url = new URL('/api/questdb/export', client.baseUrl)
  const response = await succeeded(await client.send(new Request(url, { ...init, ...(signal && { signal }) })))
  return response.body as ReadableStream<Uint8Array>
}

async function sendFrame<Answer>(
  client: Stage1,
  path: string,
  { media, body, ...query }: { readonly media: FrameMedia; readonly body: FrameBody },
  { onProgress, signal }: SendFrameOptions,
): Promise<Answer> {
  const url = new URL(path, client.baseUrl)
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, String(value))
  const stream = body instanceof ReadableStream ? counted(body, onProgress) : undefined
  const request = new Request(url, {
    method: 'POST',
    headers: { 'Content-Type': media },
    body: stream ?? body,
    ...(stream && { duplex: 'half' }),
    ...(signal && { signal }),
  } as RequestInit)
  const response = await succeeded(await client.send(stream ? sentOnce(request) : request))
  if (!stream) onProgress?.(body instanceof Blob ? body.size : new Blob([body as string]).size)
  return (await response.json()) as Answer
}

function counted(
  body: ReadableStream<Uint8Array>,
  onProgress: ((bytes: number) => void) | undefined,
): ReadableStream<Uint8Array> {
  let bytes = 0
  return body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        bytes += chunk.byteLength
        onProgress?.(bytes)
        controller.enqueue(chunk)
      },
    }),
  )
}
