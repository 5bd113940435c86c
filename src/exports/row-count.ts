/**
 * How many rows an export holds, told from its own bytes: the rows themselves are not looked at, and asking QuestDB to count
 * would be another query, which may see other rows.
 */
import { open } from 'node:fs/promises'
import type { RowCount } from '../downloads/service.js'
import { arrowRows } from '../frames/arrow-messages.js'
import { FrameFile } from '../frames/frame-file.js'
import type { Format } from './formats.js'
import { parquetRows } from './parquet-footer.js'

export function rowCountOf(format: Format): RowCount {
  return {
    csv: () => new CsvRows(),
    json: () => new JsonRows(),
    parquet: () => new ParquetRows(),
    arrow: () => new ArrowRows(),
  }[format]()
}

/** QuestDB ends each line by CRLF and escapes line breaks in text, so every CRLF is the end of a row or of the header. */
class CsvRows implements RowCount {
  #lines = 0
  #cr = false

  push(chunk: Buffer): void {
    if (this.#cr && chunk[0] === 0x0a) this.#lines++
    for (let at = chunk.indexOf('\r\n'); at >= 0; at = chunk.indexOf('\r\n', at + 2)) this.#lines++
    this.#cr = chunk.length > 0 ? chunk[chunk.length - 1] === 0x0d : this.#cr
  }

  async rows(): Promise<number> {
    return Math.max(0, this.#lines - 1)
  }
}

/** The answer ends with `"count":N}`. */
class JsonRows implements RowCount {
  #end = Buffer.alloc(0)

  push(chunk: Buffer): void {
    this.#end = Buffer.concat([this.#end, chunk.subarray(-64)]).subarray(-64)
  }

  async rows(): Promise<number> {
    const [, count] = /"count":(\d+)\}$/.exec(this.#end.toString('latin1')) ?? []
    if (count === undefined) throw new Error('the exported JSON does not end with its count')
    return Number(count)
  }
}

/** The footer of the file has the number. */
class ParquetRows implements RowCount {
  push(): void {}

  async rows(path: string): Promise<number> {
    const file = await open(path)
    try {
      return await parquetRows(file, (await file.stat()).size)
    } finally {
      await file.close()
    }
  }
}

/** Each batch says how many rows it has. */
class ArrowRows implements RowCount {
  push(): void {}

  async rows(path: string): Promise<number> {
    const file = await FrameFile.open(path)
    try {
      return await arrowRows(file)
    } finally {
      await file.close()
    }
  }
}
