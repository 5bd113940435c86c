/** The key columns of a frame while its batches go by, and what becomes of rows that agree in all of them. */
import { DomainError } from '../errors.js'
import type { ColumnBatch, ColumnType } from '../frames/batch.js'
import { firstTwins, mayCollapse } from './collapsing-rows.js'
import { dedupKeysFor, type LoadPlan } from './load-plan.js'

/** A key column had no cell in the first batch, by which the table was made: read the frame again with its type known. */
export class KeyAppeared extends Error {
  override readonly name = 'KeyAppeared'

  constructor(
    readonly column: string,
    readonly to: ColumnType,
  ) {
    super(`key column ${JSON.stringify(column)} has its first cell after the first batch`)
  }
}

/** So many pairs of rows are told of. */
const TOLD = 10

export class FrameKeys {
  /** Lower-case names beside `timestamp`, settled by the first batch. */
  #names: readonly string[] | undefined
  readonly #awaited: Set<string>

  constructor(private readonly plan: LoadPlan) {
    const known = new Set([...plan.types.keys()].map((name) => name.toLowerCase()))
    const keys = plan.onDuplicate ? [...plan.dedupKeys, ...plan.dedupKeysIfPresent] : []
    this.#awaited = new Set(keys.filter((key) => !known.has(key)))
  }

  /** Takes note of a batch. @throws KeyAppeared */
  note({ columns }: ColumnBatch): void {
    const first = this.#names === undefined
    this.#names ??= dedupKeysFor(this.plan, columns).filter((key) => key !== 'timestamp')
    if (this.#awaited.size === 0) return
    for (const { name, type } of columns) {
      if (this.#awaited.delete(name.toLowerCase()) && !first) throw new KeyAppeared(name, type)
    }
  }

  /** True when rows must not collapse, and some of these may: QuestDB's count will tell. */
  inDoubt(batches: readonly ColumnBatch[]): boolean {
    return this.plan.onDuplicate === 'refuse' && mayCollapse(batches, this.#names ?? [])
  }

  /**
   * @param stored rows that QuestDB has of the `received` ones
   * @param read gives the batches of the frame once more
   * @throws DomainError ROWS_COLLAPSE when it has fewer and they were not to collapse
   */
  async requireAll(received: number, stored: number, read: () => AsyncIterable<ColumnBatch>): Promise<void> {
    if (this.plan.onDuplicate !== 'refuse' || stored >= received) return
    const names = this.#names ?? []
    const keys = ['timestamp', ...names]
    const collapsing = received - stored
    const twins = await firstTwins(read, names, received, Math.min(TOLD, collapsing))
    const [first] = twins
    const example = first ? `, the first is row ${first.later}, like row ${first.earlier}` : ''
    throw new DomainError(
      'ROWS_COLLAPSE',
      `${collapsing} of ${received} rows agree with an earlier row in ${keys.join(' and ')}${example}; nothing was stored. ` +
        'Name the columns that tell them apart in dedup_keys, or send on_duplicate=keep_last',
      {
        keys,
        collapsing,
        rows: twins.map(({ earlier, later, key }) => ({ earlier_row: earlier, later_row: later, key })),
      },
    )
  }
}
