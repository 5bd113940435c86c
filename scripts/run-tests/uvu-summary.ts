/** What uvu says at the end of a file's output; skipped tests are not part of the total. */
export interface UvuSummary {
  total: number
  passed: number
  skipped: number
}

const SUMMARY = /^ {2}Total: +(\d+)\n {2}Passed: +(\d+)\n {2}Skipped: +(\d+)\n/gm

/**
 * The summaries in the output of one test file. One is right: none means that the process ended early, and several
 * that uvu started before the last suite was registered (an `await` between two `.run()`), which loses failures.
 */
export function uvuSummaries(output: string): UvuSummary[] {
  return [...output.matchAll(SUMMARY)].map(([, total, passed, skipped]) => ({
    total: Number(total),
    passed: Number(passed),
    skipped: Number(skipped),
  }))
}
