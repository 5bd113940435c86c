/** Figures as benchmarks print them: what was measured, what it is compared with, and the goal. */

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

/** One line: `what   figures   goal: …  held | MISSED`. */
export function report(what: string, figures: string, goal: { readonly text: string; readonly held: boolean }): void {
  console.log(`  ${what.padEnd(44)} ${figures.padEnd(44)} goal: ${goal.text}  ${goal.held ? 'held' : 'MISSED'}`)
}
