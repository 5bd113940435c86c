/** The short way in: a small frame for a measurement that exists, sent as one request and so committed as one transaction. */
import { crashPoint } from '../crash.js'
import { DomainError } from '../errors.js'
import type { ColumnBatch } from '../frames/batch.js'
import { encodeBatch } from '../questdb/ilp.js'
import { exactBounds, type TableColumn } from '../questdb/table-states.js'
import { waitUntilVisible } from '../questdb/visibility.js'
import { LineWriter } from '../questdb/writer.js'
import type { FrameColumns } from './frame-columns.js'
import type { LoadContext } from './load-context.js'
import { dedupKeysFor, type Loaded, type LoadPlan } from './load-plan.js'
import { fitTable } from './target.js'

/** Typed arrays of frames up to this size are held; larger ones are staged. */
const HELD_BYTES = 32 << 20

export class OneRequest {
  readonly #held: ColumnBatch[] = []
  #bytes = 0

  constructor(
    private readonly plan: LoadPlan,
    private readonly existing: readonly TableColumn[],
    private readonly context: LoadContext,
  ) {}

  /** Keeps the batch; false when the frame has become too large for one request. */
  hold(batch: ColumnBatch): boolean {
    this.#bytes += batch.rows * (batch.columns.length + 1) * 8
    if (this.#bytes > HELD_BYTES) return false
    this.#held.push(batch)
    return true
  }

  get held(): readonly ColumnBatch[] {
    return this.#held
  }

  /** Gives up what was held. */
  release(): ColumnBatch[] {
    return this.#held.splice(0)
  }

  /** Sends everything; the caller holds the measurement's lock, so that the counts before and after are ours. */
  async send(columns: FrameColumns): Promise<Loaded> {
    const { client, questdbUrl, questdbTimeoutMs, signal } = this.context
    const { target } = this.plan
    const designated = this.existing.find((column) => column.designated)?.name ?? null
    // Rows that came before these and are not shown yet, after a full disk perhaps, must not be counted with them.
    await waitUntilVisible(client, target, { signal })
    const before = await exactBounds(client, target, designated, { signal })
    await this.context.beforeEffect()
    await fitTable(client, target, this.existing, columns.seen, dedupKeysFor(this.plan, columns.seen), signal)
    await crashPoint('one-request-fitted')
    const writer = new LineWriter(questdbUrl, { signal, answerTimeoutMs: questdbTimeoutMs })
    try {
      await writer.sendAtomic(
        this.release().map((batch) => encodeBatch(target, batch, designated === null ? {} : { designated })),
      )
    } finally {
      await writer.close()
    }
    await crashPoint('one-request-sent')
    await waitUntilVisible(client, target, { signal })
    const after = await exactBounds(client, target, designated, { signal })
    if (!before || !after)
      throw new DomainError('QUESTDB_UNAVAILABLE', `measurement ${target} vanished while rows were added`)
    return {
      place: 'target',
      rowsReceived: columns.rows,
      rowsAdded: after.count - before.count,
      totalRows: after.count,
      ...columns.times(),
      columns: columns.seen,
    }
  }
}
