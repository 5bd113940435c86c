/**
 * Runs the benchmarks: `make bench ONLY="part-of-path…"`. A benchmark prints its figures beside its goals; it fails only when it
 * can't measure.
 */
import { runAndExit } from './programs.js'

await runAndExit('test/bench', '.bench')
