import { crashPoint } from '../crash.js'
import { DomainError, isDomainError } from '../errors.js'
import type { ColumnBatch } from '../frames/batch.js'
import type { QuestDbClient } from '../questdb/client.js'
import { insertParquet } from '../questdb/parquet-files.js'
import { requireStorableTexts } from '../questdb/storable-text.js'
import type { Lane, LaneColumn } from './lane.js'
import { RelayFile } from './relay-file.js'

/** So much makes a file: each is a commit, and while QuestDB loads one the next is decoded. Larger ones were no faster. */
const FILE_BYTES = 16 << 20

/**
 * The files cannot be handed over: this server could not write one, or QuestDB refused what was written. Line protocol takes
 * the rows, or says which row is at fault.
 */
export class RelayRefused extends Error {
  override readonly name = 'RelayRefused'
}

/**
 * Rows travel as Parquet files in a folder that QuestDB reads: a copy of their arrays, where line protocol is encoded here and
 * parsed there.
 *
 * Promises: QuestDB loads one file at a time, in their order, so that of two rows with the same keys the later one stays;
 * meanwhile the next is written, and there are never more than these two. A file is removed when it is loaded, and with the lane.
 */
export class RelayLane implements Lane {
  readonly #stop = new AbortController()
  readonly #signal: AbortSignal
  #written: RelayFile | undefined
  #loading: Promise<void> = Promise.resolve()
  #failure: { readonly error: unknown } | undefined

  constructor(
    private readonly table: string,
    private readonly folder: string,
    private readonly client: QuestDbClient,
    signal: AbortSignal,
  ) {
    this.#signal = AbortSignal.any([signal, this.#stop.signal])
  }

  async send(batch: ColumnBatch, columns: readonly LaneColumn[]): Promise<void> {
    this.#throwFailure()
    requireStorableTexts(batch)
    const file = await this.#write(batch, columns)
    if (file.writer.bytes >= FILE_BYTES) await this.#handOver()
  }

  /** QuestDB takes a file's columns by their order, so all files are loaded before the table changes. */
  async settle(): Promise<void> {
    await this.#handOver()
    await this.#loading
    this.#throwFailure()
  }

  finish(): Promise<void> {
    return this.settle()
  }

  async close(): Promise<void> {
    this.#stop.abort(new DomainError('CANCELLED', 'the load was ended by this server'))
    await this.#loading
    await this.#written?.remove()
    this.#written = undefined
  }

  async #write(batch: ColumnBatch, columns: readonly LaneColumn[]): Promise<RelayFile> {
    return orRefused(async () => {
      this.#written ??= await RelayFile.create(this.folder, columns)
      await this.#written.writer.write(batch)
      return this.#written
    })
  }

  async #handOver(): Promise<void> {
    const file = this.#written
    if (file === undefined) return
    await orRefused(() => file.finish())
    await crashPoint('relay-file-written')
    await this.#loading
    this.#throwFailure()
    this.#written = undefined
    this.#loading = this.#load(file).catch((error: unknown) => {
      this.#failure ??= { error }
    })
  }

  async #load(file: RelayFile): Promise<void> {
    try {
      await insertParquet(this.client, file.name, this.table, { signal: this.#signal })
      await crashPoint('relay-file-loaded')
    } catch (error) {
      throw isDomainError(error, 'QUESTDB_REFUSED') ? new RelayRefused(error.message, { cause: error }) : error
    } finally {
      await file.remove()
    }
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure.error
  }
}

async function orRefused<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw new RelayRefused((error as Error).message, { cause: error })
  }
}
