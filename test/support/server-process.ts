/** The server as a process of its own, to be killed, stopped and started again. */
import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { eventually } from './eventually.js'
import { requireNoSecret } from './secrets-in-logs.js'

const MAIN = fileURLToPath(new URL('../../src/main.js', import.meta.url))

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface ServerProcess {
  readonly url: string
  readonly pid: number
  readonly ended: Promise<Ended>
  /** Everything written to stdout and stderr so far. */
  output(): string
  /** SIGKILL: no word of farewell. */
  kill(): Promise<Ended>
  /** SIGTERM: asks it to stop. */
  terminate(): Promise<Ended>
}

/** Starts the server and waits until it takes requests. */
export async function startProcess(environment: Readonly<Record<string, string>>): Promise<ServerProcess> {
  const { child, ended, output } = launch(environment)
  let gone: Ended | undefined
  void ended.then((how) => {
    gone = how
  })
  const url = await eventually(
    'the process says that it is ready',
    () => {
      if (gone) throw new Error(`it ended with ${JSON.stringify(gone)}\n${output()}`)
      return readyUrl(output())
    },
    30_000,
  )
  const send = (signal: NodeJS.Signals) => {
    child.kill(signal)
    return ended
  }
  return { url, pid: child.pid as number, ended, output, kill: () => send('SIGKILL'), terminate: () => send('SIGTERM') }
}

/** Runs the server with settings on which it should give up, and returns how it ended. */
export async function runToEnd(
  environment: Readonly<Record<string, string>>,
): Promise<Ended & { readonly stdout: string; readonly stderr: string }> {
  const { child, ended } = launch(environment)
  const texts = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.on('data', (text) => {
      texts[name] += text
    })
  }
  const tooLong = setTimeout(() => child.kill('SIGKILL'), 30_000)
  const how = await ended
  clearTimeout(tooLong)
  return { ...how, ...texts }
}

function launch(environment: Readonly<Record<string, string>>) {
  const child: ChildProcess = spawn(process.execPath, [MAIN], {
    env: { ...withoutSettings(process.env), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (piece) => {
      text += piece
    })
  }
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => {
      try {
        requireNoSecret(text, [environment.STAGE1_AUTH_SHARED_SECRET])
        resolve({ code, signal })
      } catch (error) {
        reject(error)
      }
    })
  })
  return { child, ended, output: () => text }
}

function readyUrl(output: string): string | undefined {
  for (const line of output.split('\n')) {
    if (!line.includes('"msg":"ready"')) continue
    return (JSON.parse(line) as { url: string }).url
  }
  return undefined
}

function withoutSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('STAGE1_')))
}
