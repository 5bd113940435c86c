/**
 * Starts Schemathesis, which schemathesis.toml at the root configures; what it prints goes to the terminal. `FUZZ_ARGS` may narrow a run,
 * as in `make fuzz FUZZ_ARGS="--phases stateful"`.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { ROOT } from '../root.js'

const PROGRAM = join(ROOT, '.cache/schemathesis/bin/st')

export interface Attack {
  readonly url: string
  /** Of an admin, so that every operation is let in. */
  readonly token: string
  readonly secret: string
  readonly seed: number
  /** The most examples of an operation, in each phase that makes them up. */
  readonly examples: number
  readonly signal: AbortSignal
}

/** Resolves to whether all checks held. */
export async function runSchemathesis({ url, token, secret, seed, examples, signal }: Attack): Promise<boolean> {
  const args = ['run', 'generated/openapi.json', '--url', url, '--seed', `${seed}`, '--max-examples', `${examples}`]
  const reports = ['--report', 'ndjson', '--report-dir', `.cache/fuzz/seed-${seed}`]
  const more = process.env.FUZZ_ARGS ? process.env.FUZZ_ARGS.split(' ') : []
  const child = spawn(PROGRAM, [...args, ...reports, ...more], {
    cwd: ROOT,
    stdio: 'inherit',
    env: {
      ...process.env,
      FUZZ_URL: url,
      FUZZ_TOKEN: token,
      FUZZ_SECRET: secret,
      PYTHONPATH: 'scripts/fuzz',
      PYTHONDONTWRITEBYTECODE: '1',
    },
  })
  const end = () => child.kill()
  signal.addEventListener('abort', end, { once: true })
  const [code] = (await once(child, 'close')) as [number | null]
  signal.removeEventListener('abort', end)
  return code === 0
}
