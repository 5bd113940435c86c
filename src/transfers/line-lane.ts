import { crashPoint } from '../crash.js'
import type { ColumnBatch } from '../frames/batch.js'
import { encodeInPieces } from '../questdb/ilp.js'
import { LineWriter } from '../questdb/writer.js'
import type { Lane } from './lane.js'
import type { LoadContext } from './load-context.js'
import type { LoadPlan } from './load-plan.js'

/** Rows travel as line protocol, to QuestDB wherever it is. Of two rows with the same keys either may win unless the last must. */
export class LineLane implements Lane {
  readonly #writer: LineWriter

  constructor(
    private readonly plan: Pick<LoadPlan, 'stagingTable' | 'onDuplicate' | 'rejectedFile'>,
    { questdbUrl, questdbTimeoutMs, signal }: LoadContext,
  ) {
    const ordered = plan.onDuplicate === 'keep_last'
    this.#writer = new LineWriter(questdbUrl, { signal, answerTimeoutMs: questdbTimeoutMs, ordered })
  }

  async send(batch: ColumnBatch): Promise<void> {
    const { stagingTable, rejectedFile } = this.plan
    // Where rows were left out, a line's place in a request no longer tells its place in the frame.
    const placed = rejectedFile === undefined
    for (const { bytes, firstRow } of encodeInPieces(stagingTable, batch))
      await this.#writer.send(bytes, placed ? firstRow : undefined)
  }

  /** Requests under way were encoded without the new columns; QuestDB takes those as missing values. */
  async settle(): Promise<void> {}

  async finish(): Promise<void> {
    await this.#writer.finish()
    await crashPoint('load-rows-sent')
  }

  close(): Promise<void> {
    return this.#writer.close()
  }
}
