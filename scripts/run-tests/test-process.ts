import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { uvuSummaries } from './uvu-summary.js'

export interface TestFileResult {
  file: string
  passed: number
  failed: number
  skipped: number
  seconds: number
  /** Why the file counts as failed, beyond what its output says. */
  reason: string | undefined
  output: string
}

export interface TestFileRun {
  root: string
  file: string
  env: NodeJS.ProcessEnv
  /** Ends the test process when aborted. */
  signal: AbortSignal
}

/** Where `make` puts the compiled form of the sources. */
const COMPILED = '.cache/compiled'

interface EndedProcess {
  output: string
  exitCode: number | null
  endedBy: 'itself' | 'watchdog' | 'interrupt'
}

const LIMIT_MS = 120_000

/** Runs one test file in a process of its own. */
export async function runTestFile(run: TestFileRun): Promise<TestFileResult> {
  const began = Date.now()
  const ended = await runProcess(run)
  const seconds = (Date.now() - began) / 1000
  return { file: run.file, seconds, output: ended.output, ...judge(ended) }
}

/** uvu's exit code alone is not to be trusted: it is 0 for no tests, and when a `before` hook throws. */
function judge(ended: EndedProcess): Pick<TestFileResult, 'passed' | 'failed' | 'skipped' | 'reason'> {
  const summaries = uvuSummaries(ended.output)
  const { total, passed, skipped } = summaries[0] ?? { total: 0, passed: 0, skipped: 0 }
  const reason = reasonToFail(ended, summaries.length, total - passed, total)
  const failed = reason === undefined ? 0 : Math.max(total - passed, 1)
  return { passed, failed, skipped, reason }
}

function reasonToFail(
  { exitCode, endedBy }: EndedProcess,
  summaries: number,
  failedTests: number,
  total: number,
): string | undefined {
  if (endedBy === 'watchdog') return `timed out after ${LIMIT_MS / 1000} s`
  if (endedBy === 'interrupt') return 'interrupted'
  if (summaries === 0) return `ended without a summary, exit code ${exitCode}`
  if (summaries > 1) return `printed ${summaries} summaries: is there an await between two .run() calls?`
  if (total === 0) return 'ran no test'
  if (failedTests > 0) {
    const silent = exitCode === 0 ? ', the error hidden by uvu: did a hook throw?' : ''
    return `${failedTests} of ${total} tests did not pass${silent}`
  }
  return exitCode === 0 ? undefined : `exit code ${exitCode}`
}

function runProcess({ root, file, env, signal }: TestFileRun): Promise<EndedProcess> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--enable-source-maps', compiled(file)], {
      cwd: root,
      env: withoutColours(env),
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true, // the leader of a group of its own, so that what it started can be ended with it
    })
    let output = ''
    let endedBy: EndedProcess['endedBy'] = 'itself'
    const end = (by: EndedProcess['endedBy']) => {
      endedBy = by
      killGroup(child.pid)
    }
    const watchdog = setTimeout(() => end('watchdog'), LIMIT_MS)
    const interrupt = () => end('interrupt')
    if (signal.aborted) interrupt()
    signal.addEventListener('abort', interrupt)

    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text
      })
    }
    child.on('error', reject)
    child.on('exit', () => killGroup(child.pid)) // what it left running would keep its output open
    child.on('close', (exitCode) => {
      clearTimeout(watchdog)
      signal.removeEventListener('abort', interrupt)
      resolve({ output, exitCode, endedBy })
    })
  })
}

/** uvu writes colours to a pipe too when FORCE_COLOR is set, and Node warns when both variables are. */
function withoutColours({ FORCE_COLOR: _, ...env }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...env, NO_COLOR: '1' }
}

function compiled(file: string): string {
  return join(COMPILED, file.replace(/\.ts$/, '.js'))
}

function killGroup(leader: number | undefined): void {
  if (leader === undefined) return
  try {
    process.kill(-leader, 'SIGKILL')
  } catch {
    // the whole group is gone already
  }
}
