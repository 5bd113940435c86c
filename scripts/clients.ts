/**
 * Makes the clients from the contract and tries them against a running server, one after the other; arguments pick some by name.
 * Ends with exit code 0 when all hold.
 */
import { CommandError } from './clients/command.js'
import { cpp } from './clients/cpp.js'
import { python } from './clients/python.js'
import type { Trial } from './clients/trial.js'
import { typescript } from './clients/typescript.js'
import { ServerError } from './demo/server-process.js'
import { EngineError } from './engines.js'
import { interruptController } from './interrupt.js'
import { withOwnServer } from './own-server.js'

const TRIALS: readonly Trial[] = [await typescript(), cpp, python]

async function main(names: readonly string[]): Promise<void> {
  const interrupt = interruptController()
  const { signal } = interrupt
  const chosen = TRIALS.filter(({ name }) => names.length === 0 || names.includes(name))
  if (chosen.length === 0) throw new CommandError(`There are the clients ${TRIALS.map(({ name }) => name).join(', ')}.`)
  const figures: string[] = []
  const timed = async (what: string, work: () => Promise<void>) => {
    console.log(`\n${what}`)
    const began = performance.now()
    await work()
    figures.push(`${what}: ${((performance.now() - began) / 1000).toFixed(0)} s`)
  }
  for (const trial of chosen) await timed(`${trial.name}, made`, () => trial.build(signal))
  const settings = Object.assign({}, ...chosen.map((trial) => trial.settings ?? {}))
  await withOwnServer({ settings, signal }, async (server) => {
    for (const trial of chosen) await timed(`${trial.name}, tried`, () => trial.test(server, signal))
  })
  console.log(`\n${figures.join('\n')}`)
}

try {
  await main(process.argv.slice(2))
  process.exit(0)
} catch (error) {
  const isKnown = error instanceof CommandError || error instanceof EngineError || error instanceof ServerError
  console.error(isKnown ? error.message : error)
  process.exit(1)
}
