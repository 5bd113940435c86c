/**
 * Runs the tests: `make test ONLY="part-of-path…"`. Starts the engines once, runs every test
 * file in a process of its own, and closes with the line `N passed, M failed`.
 */
import { randomBytes } from 'node:crypto'
import { prepareTemplate } from '../test/support/template.js'
import { EngineError, type Engines, settingsOf, startEngines } from './engines.js'
import { interruptController } from './interrupt.js'
import { ROOT } from './root.js'
import { dropTestDatabases } from './run-tests/test-databases.js'
import { findTestFiles, startsItsSuite } from './run-tests/test-files.js'
import { runTestFile, type TestFileResult } from './run-tests/test-process.js'

const FILES_AT_A_TIME = 2
const INTERRUPTED_EXIT_CODE = 130

interface Tally {
  passed: number
  failed: number
  skipped: number
}

async function main(): Promise<number> {
  const interrupt = interruptController()
  const tally: Tally = { passed: 0, failed: 0, skipped: 0 }
  try {
    await runTests(tally, interrupt.signal)
  } catch (error) {
    tally.failed += 1
    if (!interrupt.signal.aborted) console.error(error instanceof EngineError ? error.message : error)
  }
  printTally(tally, interrupt.signal.aborted)
  if (interrupt.signal.aborted) return INTERRUPTED_EXIT_CODE
  return tally.failed === 0 && tally.passed > 0 ? 0 : 1
}

async function runTests(tally: Tally, signal: AbortSignal): Promise<void> {
  const parts = process.argv.slice(2)
  const files = findTestFiles(ROOT, parts)
  if (files.length === 0) throw new EngineError(`No test file${parts.length ? ` matches ${parts.join(' ')}` : ''}.`)
  const runnable = files.filter((file) => startsItsSuite(ROOT, file))
  for (const file of files.filter((file) => !runnable.includes(file))) {
    tally.failed += 1
    console.log(`FAIL ${file}: has no .run(), so uvu would run none of its tests`)
  }

  const engines = await startEngines({ log: (line) => console.log(line), signal })
  try {
    await runFiles(runnable, engines, tally, signal)
  } finally {
    await engines.stop()
  }
}

async function runFiles(files: string[], engines: Engines, tally: Tally, signal: AbortSignal): Promise<void> {
  const run = randomBytes(4).toString('hex')
  process.env.STAGE1_TEST_RUN = run
  const env = {
    ...process.env,
    ...settingsOf(engines),
  }
  // Databases vanish with an own engine, but stay on a server that was there before.
  const outlivesRun = process.env.STAGE1_POSTGRES_URL === engines.postgresUrl
  try {
    await prepareTemplate(engines.postgresUrl)
    const queue = [...files]
    const worker = async () => {
      for (let file = queue.shift(); file !== undefined && !signal.aborted; file = queue.shift()) {
        report(await runTestFile({ root: ROOT, file, env, signal }), tally)
      }
    }
    await Promise.all(Array.from({ length: FILES_AT_A_TIME }, worker))
  } finally {
    if (outlivesRun) await dropTestDatabases(engines.postgresUrl, `stage1_test_${run}`)
  }
}

function report(result: TestFileResult, tally: Tally): void {
  tally.passed += result.passed
  tally.failed += result.failed
  tally.skipped += result.skipped
  const seconds = `${result.seconds.toFixed(1)} s`
  if (result.reason === undefined) {
    const skipped = result.skipped > 0 ? `, ${result.skipped} skipped` : ''
    console.log(`ok   ${result.file}: ${result.passed} passed${skipped}, ${seconds}`)
    return
  }
  console.log(`FAIL ${result.file}: ${result.reason}, ${seconds}`)
  console.log(result.output.trimEnd().replaceAll(/^/gm, '     '))
}

/** The last line is kept free of anything else, as CI systems look for it. */
function printTally({ passed, failed, skipped }: Tally, interrupted: boolean): void {
  if (interrupted) console.log('interrupted: not every test was run')
  if (skipped > 0) console.log(`${skipped} skipped`)
  console.log(`${passed} passed, ${failed} failed`)
}

process.exit(await main())
