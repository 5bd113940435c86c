/**
 * Runs the programs of a folder of test/ one after the other, so that none disturbs another, on engines that are started once
 * for all of them. What a program prints goes to the terminal; one that exits with another code than 0 has failed.
 */
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { prepareTemplate } from '../test/support/template.js'
import { EngineError, settingsOf, startEngines } from './engines.js'
import { interruptController } from './interrupt.js'
import { ROOT } from './root.js'
import { dropTestDatabases } from './run-tests/test-databases.js'

const COMPILED = join(ROOT, '.cache/compiled')

/**
 * Runs every `*<suffix>.ts` in `folder` whose name contains one of `parts`, or all without parts; resolves to how many failed.
 * @throws EngineError when none matches or an engine can't be started
 */
export async function runPrograms(folder: string, suffix: string, parts: readonly string[]): Promise<number> {
  const interrupt = interruptController()
  const files = readdirSync(join(ROOT, folder))
    .filter(
      (name) => name.endsWith(`${suffix}.ts`) && (parts.length === 0 || parts.some((part) => name.includes(part))),
    )
    .sort()
  if (files.length === 0) throw new EngineError(`No file of ${folder} matches ${parts.join(' ')}.`)
  const engines = await startEngines({ log: (line) => console.log(line), signal: interrupt.signal })
  const run = randomBytes(4).toString('hex')
  process.env.STAGE1_TEST_RUN = run
  const outlivesRun = process.env.STAGE1_POSTGRES_URL === engines.postgresUrl
  try {
    const env = {
      ...process.env,
      ...settingsOf(engines),
    }
    await prepareTemplate(engines.postgresUrl)
    let failed = 0
    for (const file of files) {
      console.log(`\n${file.replace(`${suffix}.ts`, '')}`)
      failed += (await runProgram(join(folder, file), env, interrupt.signal)) === 0 ? 0 : 1
    }
    return failed
  } finally {
    if (outlivesRun) await dropTestDatabases(engines.postgresUrl, `stage1_test_${run}`)
    await engines.stop()
  }
}

async function runProgram(file: string, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<number | null> {
  const program = join(COMPILED, file.replace(/\.ts$/, '.js'))
  const child = spawn(process.execPath, ['--enable-source-maps', program], { env, stdio: 'inherit' })
  const end = () => child.kill()
  signal.addEventListener('abort', end, { once: true })
  const [code] = (await once(child, 'close')) as [number | null]
  signal.removeEventListener('abort', end)
  return code
}

/** The body of a program that does nothing but run others. */
export async function runAndExit(folder: string, suffix: string): Promise<never> {
  try {
    process.exit((await runPrograms(folder, suffix, process.argv.slice(2))) === 0 ? 0 : 1)
  } catch (error) {
    console.error(error instanceof EngineError ? error.message : error)
    process.exit(1)
  }
}
