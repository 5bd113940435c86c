/**
 * Runs the long fault tests: `make test-faults ONLY="part-of-path…" LOOPS=50`. Each prints what it has counted, and fails when
 * something acknowledged was lost, something is half done, or something was left behind.
 */
import { runAndExit } from './programs.js'

await runAndExit('test/faults', '.loop')
