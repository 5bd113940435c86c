/** Which columns can be sampled, and how much may be asked for at once. */
import { DomainError } from '../errors.js'

const NUMERIC = new Set(['DOUBLE', 'FLOAT', 'LONG', 'INT', 'SHORT', 'BYTE'])
/** An answer of as many values is made on the event loop in some ten milliseconds. */
const MOST_VALUES = 200_000

/** The names of more could be too long for a statement. */
const MOST_COLUMNS = 300

/** A stored column, and whether it was asked for by name. */
export interface Candidate {
  readonly name: string
  readonly type: string
}

/**
 * The columns whose values are numbers.
 * @param named every column was asked for by its name, so none may be left out in silence
 * @throws DomainError COLUMN_NOT_NUMERIC; REQUEST_INVALID when so many columns have no room for so many points
 */
export function numericColumns<C extends Candidate>(columns: readonly C[], named: boolean, maxPoints: number): C[] {
  const numeric = columns.filter(({ type }) => NUMERIC.has(type.toUpperCase()))
  if (named && numeric.length < columns.length) {
    const odd = columns.find((column) => !numeric.includes(column)) as C
    throw new DomainError('COLUMN_NOT_NUMERIC', `column ${odd.name} is of type ${odd.type} and can't be plotted`, [
      { in: 'query', pointer: '/columns', column: odd.name, expected: 'columns of numbers' },
    ])
  }
  if (numeric.length > MOST_COLUMNS)
    throw new DomainError(
      'REQUEST_INVALID',
      `${numeric.length} columns are more than can be sampled at once: name at most ${MOST_COLUMNS} of them`,
      [{ in: 'query', pointer: '/columns', expected: `at most ${MOST_COLUMNS} names` }],
    )
  if (numeric.length * maxPoints > MOST_VALUES)
    throw new DomainError(
      'REQUEST_INVALID',
      `${numeric.length} columns of ${maxPoints} points are more than ${MOST_VALUES} values: name fewer columns or ask for fewer points`,
      [{ in: 'query', pointer: '/max_points', expected: `at most ${Math.floor(MOST_VALUES / numeric.length)}` }],
    )
  return numeric
}
