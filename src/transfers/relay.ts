import { isDomainError } from '../errors.js'
import type { ColumnBatch } from '../frames/batch.js'
import type { QuestDbClient } from '../questdb/client.js'
import { selectParquet } from '../questdb/parquet-files.js'
import { RelayFile } from './relay-file.js'
import { RelayLane } from './relay-lane.js'

/** What did not work is tried again after this long. */
const PAUSE_MS = 60_000

/**
 * The folder that this server may share with QuestDB. Whether it does is found out by trying: a small file is written there
 * and read back through QuestDB.
 */
export class Relay {
  #works = false
  #offUntil = 0
  #told = false

  /** @param onOff hears why line protocol is used instead, once until the folder works again */
  constructor(
    private readonly folder: string,
    private readonly client: QuestDbClient,
    private readonly onOff: (reason: string) => void,
  ) {}

  /** The lane to a table; undefined when the folder does not serve. Fails as statements do when QuestDB is away. */
  async laneTo(table: string, signal: AbortSignal): Promise<RelayLane | undefined> {
    if (!this.#works && performance.now() >= this.#offUntil) await this.#try(signal)
    return this.#works ? new RelayLane(table, this.folder, this.client, signal) : undefined
  }

  /** The folder has failed a load: no lane goes through it for a minute. */
  turnOff(reason: string): void {
    this.#works = false
    this.#offUntil = performance.now() + PAUSE_MS
    if (!this.#told) this.onOff(reason)
    this.#told = true
  }

  async #try(signal: AbortSignal): Promise<void> {
    try {
      const answer = await this.#readBack(signal)
      if (answer !== EXPECTED) return this.turnOff(`QuestDB reads ${answer} from a file that says ${EXPECTED}`)
      this.#works = true
      this.#told = false
    } catch (error) {
      signal.throwIfAborted()
      if (isDomainError(error) && !isDomainError(error, 'QUESTDB_REFUSED')) throw error
      this.turnOff((error as Error).message)
    }
  }

  async #readBack(signal: AbortSignal): Promise<string> {
    const file = await RelayFile.create(this.folder, PROBE.columns)
    try {
      await file.writer.write(PROBE)
      await file.finish()
      return JSON.stringify((await selectParquet(this.client, file.name, { signal })).dataset)
    } finally {
      await file.remove()
    }
  }
}

const PROBE: ColumnBatch = {
  rows: 2,
  firstRow: 0,
  timestamps: BigInt64Array.of(1_732_831_200_000_000n, 1_732_831_200_000_001n),
  columns: [
    { name: 'number', type: 'double', values: Float64Array.of(0.1, Number.NaN), valid: Uint8Array.of(1, 0) },
    { name: 'whole', type: 'long', values: BigInt64Array.of(2n ** 63n - 1n, 0n) },
    { name: 'truth', type: 'boolean', values: Uint8Array.of(0, 1) },
    { name: 'text', type: 'varchar', values: ['', 'ü'], valid: Uint8Array.of(0, 1) },
  ],
}

const EXPECTED = JSON.stringify([
  ['2024-11-28T22:00:00.000000Z', 0.1, '9223372036854775807', false, null],
  ['2024-11-28T22:00:00.000001Z', null, '0', true, 'ü'],
])
