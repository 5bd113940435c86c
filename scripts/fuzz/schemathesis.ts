/**
 * Starts Schemathesis, which schemathesis.toml at the root configures; what it prints goes to the terminal. `FUZZ_ARGS` may narrow a run,
 * as in `make fuzz FUZZ_ARGS="--include-operation-id exportFrame"`.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ROOT } from '../root.js'
import type { Phase, Reached } from './reached.js'

const PROGRAM = join(ROOT, '.cache/schemathesis/bin/st')

export interface Attack {
  readonly url: string
  /** Of an admin, so that every operation is let in. */
  readonly token: string
  readonly secret: string
  readonly seed: number
  /** The most examples of an operation, in each phase that makes them up. */
  readonly examples: number
  readonly phases: readonly Phase[]
  /** Told what was reached. */
  readonly reached: Reached
  readonly signal: AbortSignal
}

/** Resolves to whether all checks held. */
export async function runSchemathesis(attack: Attack): Promise<boolean> {
  const { url, token, secret, seed, examples, phases, reached, signal } = attack
  const args = ['run', 'generated/openapi.json', '--url', url, '--seed', `${seed}`, '--max-examples', `${examples}`]
  const folder = `.cache/fuzz/seed-${seed}`
  const reports = ['--phases', phases.join(','), '--report', 'ndjson', '--report-dir', folder]
  const told = join(ROOT, folder, 'reached.json')
  mkdirSync(dirname(told), { recursive: true })
  rmSync(told, { force: true })
  const more = process.env.FUZZ_ARGS ? process.env.FUZZ_ARGS.split(' ') : []
  const child = spawn(PROGRAM, [...args, ...reports, ...more], {
    cwd: ROOT,
    stdio: 'inherit',
    env: {
      ...process.env,
      FUZZ_URL: url,
      FUZZ_TOKEN: token,
      FUZZ_SECRET: secret,
      FUZZ_REACHED: told,
      PYTHONPATH: 'scripts/fuzz',
      PYTHONDONTWRITEBYTECODE: '1',
    },
  })
  const end = () => child.kill()
  signal.addEventListener('abort', end, { once: true })
  const [code] = (await once(child, 'close')) as [number | null]
  signal.removeEventListener('abort', end)
  if (existsSync(told)) reached.add(told)
  return code === 0
}
