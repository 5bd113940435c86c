import { DomainError } from '../errors.js'
import { describePlace, type Place, sentenceAt } from './refusal.js'

/** More than a table can sensibly have; each costs memory, whether its cells have values or not. */
const MOST_COLUMNS = 4096

/** Twice what any table takes; longer than this is not a name but text where a name should be. */
const LONGEST_NAME = 255

/**
 * The columns of one frame by name, where names that differ only by case are the same, as they are in QuestDB.
 * Which characters a table allows is not decided here.
 */
export class ColumnNames {
  private readonly byLowerCase = new Map<string, string>()

  /**
   * Takes in a name that the frame has not used before.
   * Throws `FRAME_MALFORMED` for an empty, overlong or repeated name and for one too many, `COLUMN_NAME_INVALID` for `__proto__`.
   */
  add(name: string, place: Place): void {
    if (this.byLowerCase.size === MOST_COLUMNS) throw malformed(place, `there are more than ${MOST_COLUMNS} columns`)
    if (name === '') throw malformed(place, `column ${this.byLowerCase.size + 1} has no name`)
    if (name.length > LONGEST_NAME) {
      throw malformed(place, `a column name is ${name.length} characters long: ${name.slice(0, 40)}…`)
    }
    if (name === '__proto__') {
      const sentence = `${describePlace({ ...place, column: name })}: this name is not allowed`
      throw new DomainError('COLUMN_NAME_INVALID', sentence, { ...place, column: name })
    }
    const lower = name.toLowerCase()
    const other = this.byLowerCase.get(lower)
    if (other !== undefined) throw repeated(name, other, place)
    this.byLowerCase.set(lower, name)
  }
}

function repeated(name: string, other: string, place: Place): DomainError {
  const sentence =
    name === other
      ? `the column ${JSON.stringify(name)} is there twice`
      : `the columns ${JSON.stringify(other)} and ${JSON.stringify(name)} differ only by case, which tables ignore`
  return malformed({ ...place, column: name }, sentence)
}

function malformed(place: Place, sentence: string): DomainError {
  const where = {
    ...(place.line !== undefined && { line: place.line }),
    ...(place.row !== undefined && { row: place.row }),
  }
  return new DomainError('FRAME_MALFORMED', sentenceAt(where, sentence), { ...place })
}
