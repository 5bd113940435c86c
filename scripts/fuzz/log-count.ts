/** Reads the server's log while it is attacked: nothing that a client sends may make it log an error. */
const SHOWN = 20

export class LogCount {
  errors = 0
  #lines = 0
  readonly #shown: string[] = []

  take(line: string): void {
    this.#lines += 1
    if (!/"level":"(error|fatal)"/.test(line) && line.startsWith('{')) return
    this.errors += 1
    if (this.#shown.length < SHOWN) this.#shown.push(line.slice(0, 2000))
  }

  summary(): string {
    return [`Server log: ${this.#lines} lines, ${this.errors} of them errors`, ...this.#shown].join('\n')
  }
}
