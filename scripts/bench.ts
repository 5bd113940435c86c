/**
 * Runs the benchmarks: `make bench ONLY="part-of-path…"`. Starts the engines once and runs each file of test/bench after the
 * other, so that none disturbs another. A benchmark prints its figures beside its goals; it fails only when it can't measure.
 */
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { prepareTemplate } from '../test/support/template.js'
import { EngineError, startEngines } from './engines.js'
import { ROOT } from './root.js'
import { dropTestDatabases } from './run-tests/test-databases.js'

const FOLDER = 'test/bench'
const COMPILED = join(ROOT, '.cache/compiled')

async function main(): Promise<number> {
  const interrupt = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => interrupt.abort())
  const parts = process.argv.slice(2)
  const files = readdirSync(join(ROOT, FOLDER))
    .filter((name) => name.endsWith('.bench.ts') && (parts.length === 0 || parts.some((part) => name.includes(part))))
    .sort()
  if (files.length === 0) throw new EngineError(`No benchmark matches ${parts.join(' ')}.`)
  const engines = await startEngines({ log: (line) => console.log(line), signal: interrupt.signal })
  try {
    const run = randomBytes(4).toString('hex')
    process.env.STAGE1_TEST_RUN = run
    const env = {
      ...process.env,
      STAGE1_POSTGRES_URL: engines.postgresUrl,
      STAGE1_QUESTDB_URL: engines.questdbUrl,
      STAGE1_QUESTDB_IMPORT_DIR: engines.questdbImportDir,
    }
    await prepareTemplate(engines.postgresUrl)
    let failed = 0
    for (const file of files) {
      console.log(`\n${file.replace('.bench.ts', '')}`)
      failed += (await runFile(file, env, interrupt.signal)) === 0 ? 0 : 1
    }
    if (process.env.STAGE1_POSTGRES_URL === engines.postgresUrl)
      await dropTestDatabases(engines.postgresUrl, `stage1_test_${run}`)
    return failed === 0 ? 0 : 1
  } finally {
    await engines.stop()
  }
}

async function runFile(file: string, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<number | null> {
  const program = join(COMPILED, FOLDER, file.replace(/\.ts$/, '.js'))
  const child = spawn(process.execPath, ['--enable-source-maps', program], { env, stdio: 'inherit' })
  const end = () => child.kill()
  signal.addEventListener('abort', end, { once: true })
  const [code] = (await once(child, 'close')) as [number | null]
  signal.removeEventListener('abort', end)
  return code
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof EngineError ? error.message : error)
    process.exit(1)
  },
)
