/** Frames (many rows) into the server and out of it, as bytes of one of its formats. */
import type { paths } from './api.js'
import type { Schemas, Stage1 } from './client.js'
import { succeeded } from './problem.js'
import type { Attempt } from './retry.js'
import { sentAndTold } from './upload-progress.js'

export type FrameMedia =
  | 'text/csv'
  | 'application/json'
  | 'application/vnd.apache.arrow.stream'
  | 'application/vnd.apache.arrow.file'
  | 'application/vnd.apache.parquet'

/**
 * What can be sent. Of a stream there is no second try in Node: what was read is gone. Browsers send streams over HTTP/2 at best, so there
 * it is collected first.
 */
export type FrameBody = Blob | Uint8Array<ArrayBuffer> | string | ReadableStream<Uint8Array>

export interface CallOptions {
  readonly signal?: AbortSignal
}

export interface SendFrameOptions extends CallOptions {
  /** Told how many bytes have left; from 0 again where it is tried again. */
  readonly onProgress?: (bytes: number) => void
}

const PIECE_BYTES = 65_536

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

/** The rows that the request asks for, as a stream of bytes in its format. @throws Stage1Error; the stream fails when it is cut */
export async function exportFrame(
  client: Stage1,
  request: Schemas['ExportRequest'],
  { signal }: CallOptions = {},
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
  const request = new Request(url, { method: 'POST', headers: { 'Content-Type': media }, ...(signal && { signal }) })
  const response = await client.send(request, await sending(body, onProgress))
  return (await (await succeeded(response)).json()) as Answer
}

/** How the body is sent: anew for each try, so that none of it is kept beside what was given. */
async function sending(
  given: FrameBody,
  onProgress: ((bytes: number) => void) | undefined,
): Promise<{ attempt: Attempt; once: boolean }> {
  const isBrowser = 'XMLHttpRequest' in globalThis
  const body = isBrowser && given instanceof ReadableStream ? await new Response(given).blob() : given
  if (body instanceof ReadableStream) return { attempt: streamed(() => body, onProgress), once: true }
  if (onProgress === undefined)
    return { attempt: (request, fetch) => fetch(new Request(request, { body })), once: false }
  if (isBrowser) return { attempt: (request) => sentAndTold(request, body, onProgress), once: false }
  const blob = body instanceof Blob ? body : new Blob([body])
  return { attempt: streamed(() => piecesOf(blob), onProgress), once: false }
}

function streamed(stream: () => ReadableStream<Uint8Array>, onProgress: (bytes: number) => void = () => {}): Attempt {
  return (request, fetch) => {
    const init = { body: counted(stream(), onProgress), duplex: 'half' }
    return fetch(new Request(request, init as RequestInit))
  }
}

/** A blob's own stream gives what is in memory as one piece, of which there is no progress. */
function piecesOf(blob: Blob): ReadableStream<Uint8Array> {
  let at = 0
  return new ReadableStream({
    async pull(controller) {
      if (at >= blob.size) return controller.close()
      const piece = blob.slice(at, at + PIECE_BYTES)
      at += piece.size
      controller.enqueue(new Uint8Array(await piece.arrayBuffer()))
    },
  })
}

function counted(body: ReadableStream<Uint8Array>, onProgress: (bytes: number) => void): ReadableStream<Uint8Array> {
  let bytes = 0
  return body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        bytes += chunk.byteLength
        onProgress(bytes)
        controller.enqueue(chunk)
      },
    }),
  )
}
