import { FlatTable } from './arrow-flatbuffer.js'
import type { FrameFile } from './frame-file.js'
import { frameMalformed } from './refusal.js'

/** One message of an Arrow file: what it is, and where its body lies in the file. */
export interface ArrowMessage {
  readonly kind: 'schema' | 'dictionary' | 'batch'
  readonly header: FlatTable
  readonly body: { readonly start: number; readonly length: number }
}

/** Metadata of 4096 columns takes about a megabyte; what claims more than this is no metadata. */
const MOST_METADATA_BYTES = 16 * 1024 * 1024

const MAGIC = 'ARROW1'
const FEATHER_1 = 'FEA1'
/** Every message begins with this mark and the length of its metadata. */
const CONTINUATION = 0xffffffff
const PREFIX_BYTES = 8
const HEADER_KINDS: ReadonlyMap<number, ArrowMessage['kind']> = new Map([
  [1, 'schema'],
  [2, 'dictionary'],
  [3, 'batch'],
])

/**
 * The messages of an Arrow IPC stream or file, which its first bytes tell apart: the schema, then dictionaries before the
 * batches that need them. Every length is checked against the file's size before anything of it is read. A stream must end with
 * its end marker and a file with its footer, or rows could be cut off unnoticed.
 * Throws `FRAME_MALFORMED` with `byte`.
 */
export async function* arrowMessages(file: FrameFile): AsyncGenerator<ArrowMessage> {
  const start = Buffer.from(await file.read(0, Math.min(file.size, MAGIC.length))).toString('latin1')
  if (start.startsWith(FEATHER_1))
    throw frameMalformed('this is Feather version 1: write version 2, which is Arrow IPC')
  if (start === MAGIC) yield* messagesOfFile(file)
  else yield* messagesOfStream(file)
}

/** The rows of all batches, which themselves are not read. Throws `FRAME_MALFORMED`. */
export async function arrowRows(file: FrameFile): Promise<number> {
  let rows = 0
  for await (const { kind, header } of arrowMessages(file)) if (kind === 'batch') rows += header.long(0)
  return rows
}

async function* messagesOfStream(file: FrameFile): AsyncGenerator<ArrowMessage> {
  let at = 0
  for (;;) {
    const metadata = await metadataAt(file, at)
    if (metadata === undefined) break
    const message = readMessage(metadata.bytes, metadata.end, file.size, at)
    yield message
    at = message.body.start + message.body.length
  }
  const end = at + PREFIX_BYTES
  if (end < file.size) {
    throw frameMalformed(`${file.size - end} bytes follow the end of the stream: send one stream only`, { byte: end })
  }
}

async function* messagesOfFile(file: FrameFile): AsyncGenerator<ArrowMessage> {
  const { footer, start } = await readFooter(file)
  const { schema, blocks } = understood(start, () => ({
    schema: footer.table(1),
    blocks: [...footer.structs(2, 24, readBlock), ...footer.structs(3, 24, readBlock)],
  }))
  if (schema === undefined) throw frameMalformed('the footer names no columns', { byte: start })
  yield { kind: 'schema', header: schema, body: { start: 0, length: 0 } }
  let bytes = 0
  for (const block of blocks) {
    bytes += block.bodyLength
    // One batch named a thousand times would make a thousand times its rows.
    if (!(bytes <= start)) throw frameMalformed('the footer names more data than the file holds', { byte: start })
    const metadata = await metadataAt(file, block.offset)
    if (metadata === undefined) throw frameMalformed('the footer points to no message', { byte: block.offset })
    const message = readMessage(metadata.bytes, metadata.end, start, block.offset)
    if (message.kind === 'schema') throw frameMalformed('the footer names a schema as data', { byte: block.offset })
    if (message.body.length !== block.bodyLength)
      throw frameMalformed('the footer and a message disagree about its size', { byte: block.offset })
    yield message
  }
}

function readBlock(view: DataView, at: number): { offset: number; bodyLength: number } {
  return {
    offset: Number(view.getBigInt64(at, true)),
    bodyLength: Math.max(0, Number(view.getBigInt64(at + 16, true))),
  }
}

async function readFooter(file: FrameFile): Promise<{ footer: FlatTable; start: number }> {
  const tailBytes = MAGIC.length + 4
  const cut = () => frameMalformed('the file does not end with an Arrow footer: it was cut', { byte: file.size })
  if (file.size < tailBytes + MAGIC.length + 2) throw cut()
  const tail = Buffer.from(await file.read(file.size - tailBytes, tailBytes))
  if (tail.toString('latin1', 4) !== MAGIC) throw cut()
  const length = tail.readInt32LE(0)
  const start = file.size - tailBytes - length
  if (length <= 0 || length > MOST_METADATA_BYTES || start < MAGIC.length + 2) {
    throw frameMalformed(`the footer says that it has ${length} bytes`, { byte: file.size - tailBytes })
  }
  const bytes = await file.read(start, length)
  return { footer: understood(start, () => FlatTable.root(bytes)), start }
}

/** The metadata of the message at `at` and where its body begins; undefined at the end marker. */
async function metadataAt(file: FrameFile, at: number): Promise<{ bytes: Uint8Array; end: number } | undefined> {
  if (file.size - at < PREFIX_BYTES) {
    throw frameMalformed('the stream ends without its end marker: it was cut, or is no Arrow stream', { byte: at })
  }
  const prefix = Buffer.from(await file.read(at, PREFIX_BYTES))
  // Before version 0.15, of 2019, messages began with their length at once.
  if (prefix.readUInt32LE(0) !== CONTINUATION) {
    throw frameMalformed('no Arrow message begins here: is it Arrow IPC, written by version 0.15 or later?', {
      byte: at,
    })
  }
  const length = prefix.readInt32LE(4)
  const start = at + PREFIX_BYTES
  if (length === 0) return undefined
  if (length < 0 || length > MOST_METADATA_BYTES || length > file.size - start) {
    throw frameMalformed(
      `a message says that it has ${length} bytes of metadata, and ${file.size - start} follow: ` +
        'the frame was cut, or is no Arrow IPC',
      { byte: at },
    )
  }
  return { bytes: await file.read(start, length), end: start + length }
}

function readMessage(metadata: Uint8Array, bodyStart: number, end: number, byte: number): ArrowMessage {
  const { kind, header, length } = understood(byte, () => {
    const message = FlatTable.root(metadata)
    return { kind: HEADER_KINDS.get(message.int(1, 1, 0)), header: message.table(2), length: message.long(3) }
  })
  if (kind === undefined || header === undefined) {
    throw frameMalformed('a message is neither a schema, nor a dictionary, nor a batch of rows', { byte })
  }
  if (length < 0 || length > end - bodyStart) {
    throw frameMalformed(`a message says that it has ${length} bytes, and ${end - bodyStart} follow: it was cut`, {
      byte,
    })
  }
  return { kind, header, body: { start: bodyStart, length } }
}

/** What `read` makes of metadata; throws `FRAME_MALFORMED` when it leads outside of itself. */
export function understood<T>(byte: number, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw frameMalformed('the metadata of the frame is damaged', { byte })
  }
}
