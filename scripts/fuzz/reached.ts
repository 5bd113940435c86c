/** What runs of Schemathesis have reached together, as `reached.py` tells of each. */
import { readFileSync } from 'node:fs'

export const PHASES = ['examples', 'coverage', 'fuzzing', 'stateful'] as const
export type Phase = (typeof PHASES)[number]

interface Told {
  readonly operations: readonly string[]
  readonly answers: readonly (readonly [phase: Phase, operation: string, answers: number, successes: number])[]
  readonly excused: readonly (readonly [reason: string, operation: string, count: number])[]
}

export class Reached {
  #operations: readonly string[] = []
  readonly #answers = new Map<string, number>()
  readonly #successes = new Map<string, number>()
  readonly #excused = new Map<string, number>()

  /** Adds what a run has told. */
  add(path: string): void {
    const { operations, answers, excused } = JSON.parse(readFileSync(path, 'utf8')) as Told
    this.#operations = operations
    for (const [phase, operation, all, successes] of answers) {
      count(this.#answers, `${phase} ${operation}`, all)
      count(this.#successes, `${phase} ${operation}`, successes)
    }
    for (const [reason, operation, times] of excused) count(this.#excused, `${operation}: ${reason}`, times)
  }

  /** Whether each operation has answered in this phase. */
  hasAll(phase: Phase): boolean {
    return this.#operations.length > 0 && missing(this.#answers, phase, this.#operations).length === 0
  }

  /** One line an operation: successes of all answers, by phase; below it what was never reached and what was excused. */
  summary(): string {
    const run = PHASES.filter((phase) => [...this.#answers.keys()].some((at) => at.startsWith(`${phase} `)))
    const line = (name: string, cells: readonly string[]) =>
      name.padEnd(24) + cells.map((cell) => cell.padStart(14)).join('')
    const all = this.#operations
    const excused = [...this.#excused].sort(([, a], [, b]) => b - a)
    return [
      '',
      line('Successes of answers', run),
      ...all.map((name) =>
        line(
          name,
          run.map((phase) => this.#fraction(`${phase} ${name}`)),
        ),
      ),
      ...run.flatMap((phase) => [
        neverSo(phase, 'reached', missing(this.#answers, phase, all), all.length),
        neverSo(phase, 'successful', missing(this.#successes, phase, all), all.length),
      ]),
      `Excused: ${excused.reduce((sum, [, times]) => sum + times, 0)}`,
      ...excused.map(([what, times]) => `  ${times} × ${what}`),
    ].join('\n')
  }

  #fraction(at: string): string {
    return `${this.#successes.get(at) ?? 0}/${this.#answers.get(at) ?? 0}`
  }
}

function count(counts: Map<string, number>, at: string, more: number): void {
  counts.set(at, (counts.get(at) ?? 0) + more)
}

function missing(counts: ReadonlyMap<string, number>, phase: Phase, operations: readonly string[]): string[] {
  return operations.filter((operation) => (counts.get(`${phase} ${operation}`) ?? 0) === 0)
}

function neverSo(phase: Phase, how: string, operations: readonly string[], all: number): string {
  return `Never ${how} in ${phase}: ${operations.length} of ${all} ${operations.join(' ')}`.trimEnd()
}
