/** What the demo prints: a line a step with the time it took, and on a terminal a line that shows progress meanwhile. */
const CLEAR_LINE = '\r\u001b[K'
/** Where no line can be written over, progress is a line now and then. */
const PROGRESS_LINE_EVERY_MS = 1_000
const INDENT = ' '.repeat(10)

export type ShowProgress = (text: string) => void

export class Narrator {
  readonly #rewrites = process.stdout.isTTY === true
  #unfinished = false

  chapter(title: string): void {
    console.log(`\n${title}`)
  }

  /** A line without a time. */
  note(text: string): void {
    console.log(`${INDENT}${text}`)
  }

  /** Does a step and prints what `tell` makes of its result and its seconds. */
  async step<T>(
    work: (progress: ShowProgress) => Promise<T>,
    tell: (result: T, seconds: number) => string,
  ): Promise<T> {
    const began = performance.now()
    try {
      const result = await work(this.#progress())
      const seconds = (performance.now() - began) / 1000
      this.#clear()
      console.log(`${seconds.toFixed(2).padStart(6)} s  ${tell(result, seconds)}`)
      return result
    } catch (error) {
      this.#clear()
      throw error
    }
  }

  #progress(): ShowProgress {
    let last = Number.NEGATIVE_INFINITY
    return (text) => {
      if (this.#rewrites) {
        process.stdout.write(`${CLEAR_LINE}${INDENT}${text}`)
        this.#unfinished = true
      } else if (performance.now() - last >= PROGRESS_LINE_EVERY_MS) {
        last = performance.now()
        this.note(text)
      }
    }
  }

  #clear(): void {
    if (this.#unfinished) process.stdout.write(CLEAR_LINE)
    this.#unfinished = false
  }
}

/** 9227 → `9 227` */
export function count(value: number): string {
  return value.toLocaleString('en-US').replaceAll(',', ' ')
}

/** 1 → `1 request`, 3 → `3 requests` */
export function counted(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`
}

/** Bytes in the unit that leaves one to three digits before the point. */
export function size(bytes: number): string {
  if (bytes < 1e3) return `${bytes} B`
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(0)} kB` : `${(bytes / 1e6).toFixed(1)} MB`
}

/** Rows a second, in two digits: a figure of one run is no more exact than that. */
export function rate(rows: number, seconds: number): string {
  return `${count(Number((rows / Math.max(seconds, 0.001)).toPrecision(2)))} rows/s`
}
