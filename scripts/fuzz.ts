/**
 * Sends the running server whatever the contract allows and forbids: Schemathesis with every check and every phase (or PHASES), once for
 * each of SEEDS seeds with EXAMPLES examples an operation, each time on new engines of its own. Ends with exit code 0 when nothing failed.
 */
import { ApiClient } from './demo/api.js'
import { EngineError } from './engines.js'
import { LogCount } from './fuzz/log-count.js'
import { PHASES, Reached } from './fuzz/reached.js'
import { type Attack, runSchemathesis } from './fuzz/schemathesis.js'
import { seed } from './fuzz/seed.js'
import { interruptController } from './interrupt.js'
import { withOwnServer } from './own-server.js'

const SEEDS = Number(process.env.SEEDS || 3)
const EXAMPLES = Number(process.env.EXAMPLES || 500)
const WANTED = PHASES.filter((phase) => (process.env.PHASES || PHASES.join()).split(',').includes(phase))
/** Chains end without a word when a repetition of one goes another way, as with a job that has ended meanwhile; so there are more of them. */
const ROUNDS_OF_CHAINS = 10
/** Limits of requests would only slow the run down, and have tests of their own; a job of a second leaves one that has failed. */
const LIMITS = {
  STAGE1_LIMITS_ADDRESS_PER_MINUTE: '10000000',
  STAGE1_LIMITS_TOKEN_PER_MINUTE: '10000000',
  STAGE1_LIMITS_WRITING_PER_MINUTE: '10000000',
  STAGE1_LIMITS_HEAVY_PER_MINUTE: '10000000',
  STAGE1_LIMITS_SECRET_TRIES_PER_MINUTE: '10000',
  STAGE1_LIMITS_ALL_SECRET_TRIES_PER_MINUTE: '100000',
  STAGE1_JOBS_QUEUED_PER_TOKEN: '0',
  STAGE1_EXPORTS_JOB_SECONDS: '1',
}

async function main(): Promise<number> {
  // Never on engines that were given: measurements of any name are written and replaced.
  for (const name of Object.keys(process.env).filter((name) => name.startsWith('STAGE1_'))) delete process.env[name]
  const interrupt = interruptController()
  let failed = 0
  for (let number = 1; number <= SEEDS && !interrupt.signal.aborted; number++)
    failed += (await attackWith(number, interrupt.signal)) ? 0 : 1
  console.log(failed === 0 ? `\n${SEEDS} seeds: nothing failed` : `\n${failed} of ${SEEDS} seeds failed`)
  return failed === 0 && !interrupt.signal.aborted ? 0 : 1
}

/** @returns whether every check held and the server's log has no error */
async function attackWith(seedNumber: number, signal: AbortSignal): Promise<boolean> {
  console.log(`\nSeed ${seedNumber}, ${EXAMPLES} examples an operation`)
  const log = new LogCount()
  return withOwnServer({ settings: LIMITS, onLine: (line) => log.take(line), signal }, async ({ url, secret }) => {
    const token = await seed(new ApiClient(url, signal), secret)
    const reached = new Reached()
    const attack = { url, token, secret, examples: EXAMPLES, reached, signal }
    const single = WANTED.filter((phase) => phase !== 'stateful')
    let held = single.length === 0 || (await runSchemathesis({ ...attack, seed: seedNumber, phases: single }))
    if (WANTED.includes('stateful')) held = (await attackInChains(attack, seedNumber)) && held
    console.log(reached.summary())
    console.log(log.summary())
    return held && log.errors === 0
  })
}

/** Until every operation was reached in a chain, or for some rounds. @returns whether every check held */
async function attackInChains(attack: Omit<Attack, 'seed' | 'phases'>, seedNumber: number): Promise<boolean> {
  let held = true
  for (let round = 1; round <= ROUNDS_OF_CHAINS && !attack.reached.hasAll('stateful'); round++) {
    if (attack.signal.aborted) return false
    held = (await runSchemathesis({ ...attack, seed: seedNumber * 100 + round, phases: ['stateful'] })) && held
  }
  return held
}

try {
  process.exit(await main())
} catch (error) {
  console.error(error instanceof EngineError ? error.message : error)
  process.exit(1)
}
