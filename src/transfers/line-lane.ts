import type { ColumnBatch } from '../frames/batch.js'
import { encodeInPieces } from '../questdb/ilp.js'
import { LineWriter } from '../questdb/writer.js'
import type { Lane } from './lane.js'
import type { LoadContext } from './load-context.js'

/** Rows travel as line protocol, to QuestDB wherever it is. Of two rows with the same keys either may win. */
export class LineLane implements Lane {
  readonly #writer: LineWriter

  constructor(
    private readonly table: string,
    { questdbUrl, questdbTimeoutMs, signal }: LoadContext,
  ) {
    this.#writer = new LineWriter(questdbUrl, { signal, answerTimeoutMs: questdbTimeoutMs })
  }

  async send(batch: ColumnBatch): Promise<void> {
    for (const lines of encodeInPieces(this.table, batch)) await this.#writer.send(lines.bytes, lines.firstRow)
  }

  /** Requests under way were encoded without the new columns; QuestDB takes those as missing values. */
  async settle(): Promise<void> {}

  finish(): Promise<void> {
    return this.#writer.finish()
  }

  close(): Promise<void> {
    return this.#writer.close()
  }
}
