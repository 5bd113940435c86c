/** Files in the folder that this server shares with QuestDB: each has a random name and lives until its rows are loaded. */
import { randomUUID } from 'node:crypto'
import { type FileHandle, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { ParquetWriter } from '../frames/parquet-writer.js'
import { removeAbandoned } from '../storage/abandoned-files.js'
import type { LaneColumn } from './lane.js'

const NAME = /^stage1_[0-9a-f-]{36}\.parquet$/

export class RelayFile {
  readonly writer: ParquetWriter

  private constructor(
    /** What QuestDB calls it. */
    readonly name: string,
    private readonly path: string,
    private readonly handle: FileHandle,
    readonly columns: readonly LaneColumn[],
  ) {
    this.writer = new ParquetWriter(handle, 'timestamp', columns)
  }

  static async create(folder: string, columns: readonly LaneColumn[]): Promise<RelayFile> {
    const name = `stage1_${randomUUID()}.parquet`
    const path = join(folder, name)
    // QuestDB may run under another account of the same group; the folder itself keeps others out.
    return new RelayFile(name, path, await open(path, 'wx', 0o640), [...columns])
  }

  /** Makes the file readable. */
  async finish(): Promise<void> {
    await this.writer.finish()
    await this.handle.close()
  }

  async remove(): Promise<void> {
    await this.handle.close()
    await rm(this.path, { force: true })
  }
}

/** Removes files that a process has left behind which was killed; those of a running one are younger. */
export async function sweepRelayFiles(folder: string): Promise<void> {
  // A folder that is not there, or not for this server, is told by the first load.
  await removeAbandoned(folder, (name) => NAME.test(name)).catch(() => {})
}
