import { ArrowBody, readBodyHeader } from './arrow-body.js'
import { type ArrowDictionary, placeColumns, readCells } from './arrow-columns.js'
import { type ArrowMessage, understood } from './arrow-messages.js'
import type { ArrowField } from './arrow-schema.js'
import type { FrameFile } from './frame-file.js'
import { LeftOutRows } from './left-out.js'
import { frameMalformed } from './refusal.js'

/** All texts of one dictionary; it is held whole, and a column with more distinct text is better sent as text. */
const MOST_BYTES = 64 * 1024 * 1024
const MOST_ENTRIES = 4 * 1024 * 1024

/** The dictionaries that columns of a frame refer to, by id, as they stand for the batches that come next. */
export class ArrowDictionaries {
  private readonly texts = new Map<number, { entries: ArrowDictionary; bytes: number }>()

  constructor(
    private readonly fields: readonly ArrowField[],
    private readonly file: FrameFile,
  ) {}

  get(id: number): ArrowDictionary | undefined {
    return this.texts.get(id)?.entries
  }

  /** Takes a dictionary in: in the place of the one with its id, or added to it when it says so. */
  async read(message: ArrowMessage): Promise<void> {
    const byte = message.body.start
    const { id, rows, isDelta } = understood(byte, () => ({
      id: message.header.long(0),
      rows: message.header.table(1),
      isDelta: message.header.int(2, 1, 0) !== 0,
    }))
    const field = this.fields.find(({ layout }) => layout.kind === 'dictionary' && layout.id === id)
    if (field?.layout.kind !== 'dictionary' || rows === undefined) {
      throw frameMalformed(`a dictionary has the id ${id}, which no column refers to`, { byte })
    }
    const header = readBodyHeader(rows, message)
    const before = isDelta ? this.texts.get(id) : undefined
    const bytes = message.body.length + (before?.bytes ?? 0)
    const count = header.rows + (before?.entries.length ?? 0)
    const body = await ArrowBody.open(this.file, header, message)
    const decompressed = header.buffers.reduce((sum, _, buffer) => sum + body.size(buffer), 0)
    if (!(bytes <= MOST_BYTES && decompressed <= MOST_BYTES && count <= MOST_ENTRIES)) {
      throw frameMalformed(
        `the dictionary of column ${JSON.stringify(field.name)} is larger than ${MOST_BYTES} bytes or ${MOST_ENTRIES} entries: ` +
          'send the column as plain text',
        { column: field.name },
      )
    }
    const entries = header.rows === 0 ? [] : await this.entries(field, header, body)
    this.texts.set(id, { entries: before ? [...before.entries, ...entries] : entries, bytes })
  }

  private async entries(
    field: ArrowField,
    header: ReturnType<typeof readBodyHeader>,
    body: ArrowBody,
  ): Promise<ArrowDictionary> {
    const layout = field.layout.kind === 'dictionary' ? field.layout.values : field.layout
    const [column] = placeColumns([{ name: field.name, layout }], header, body)
    if (column === undefined) return []
    const cells = await readCells(column, body, { from: 0, to: header.rows, firstRow: 0 }, undefined, new LeftOutRows())
    if (cells.kind !== 'text') return []
    return cells.values.map((text, index) => (cells.valid?.[index] === 0 ? undefined : text))
  }
}
