import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, closeSync, mkdtempSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EngineError } from './engine-error.js'
import { endProcess, identify, isRunning, type ProcessIdentity, send } from './process-identity.js'
import { freezeTree, thawTree } from './process-tree.js'

/** The start of every engine folder's name, by which the next start finds the ones left behind. */
export const HOME_PREFIX = 'stage1-engines-'

/** The state file of an engine folder: who owns it and what it has running. */
export const STATE_FILE = 'engines.json'

export interface HomeState {
  owner: ProcessIdentity
  children: ChildRecord[]
}

export interface ChildRecord extends ProcessIdentity {
  stopSignal: NodeJS.Signals
}

export interface Program {
  /** What messages call it, and its log file's name. */
  name: string
  command: string
  args: string[]
  env?: NodeJS.ProcessEnv
  /** The system user to run it as, where that is not the caller's own. */
  account?: Account | undefined
  /** The signal that makes it end in good order; SIGTERM unless told. */
  stopSignal?: NodeJS.Signals
}

export interface Account {
  uid: number
  gid: number
}

export interface Running {
  name: string
  hasEnded(): boolean
  send(signal: NodeJS.Signals): void
  /** Stops it and all that it has started, as a machine that hangs: no connection is closed, nothing is answered. */
  freeze(): void
  /** Lets it go on. */
  thaw(): void
  /** Settles when the program has ended: its exit code, or -1 when a signal ended it or it could not be started. */
  exitCode: Promise<number>
  /** Whether there is no such program on this machine, which settles `exitCode` too. */
  isMissing(): boolean
  /** The last lines that it wrote, for an error message. */
  lastLines(): string
}

const STOP_GRACE_MS = 5_000
const SHOWN_LOG_LINES = 20

/**
 * The private folder of one start of the engines: data, logs, and the list of the programs started from it. The list
 * is kept in a state file, so that a later start can clean up after an owner that was killed.
 */
export class EngineHome {
  readonly folder: string
  readonly #children: ChildRecord[] = []
  readonly #closing = new AbortController()
  #closed: Promise<void> | undefined

  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), HOME_PREFIX))
    this.#writeState()
    process.on('exit', this.#killChildren)
  }

  /** Aborted as soon as the home starts to close: whoever waits for an engine then gives up. */
  get closing(): AbortSignal {
    return this.#closing.signal
  }

  /** Lets other system users pass through the folder (not list it) to what they own inside. */
  letOthersThrough(): void {
    chmodSync(this.folder, 0o711)
  }

  /** Starts a program whose output goes to a log file in the folder, not to a pipe: a dead owner must not block it. */
  launch(program: Program): Running {
    if (this.#closing.signal.aborted) throw new EngineError('The engines were stopped while they were starting.')
    const logFile = join(this.folder, `${program.name}.log`)
    const log = openSync(logFile, 'a')
    const child = spawn(program.command, program.args, {
      cwd: this.folder,
      env: { ...process.env, ...program.env },
      stdio: ['ignore', log, log],
      // A group of its own: Ctrl-C in the terminal must reach the owner only, which stops the engines in order.
      detached: true,
      ...program.account,
    })
    closeSync(log)
    this.#record(child, program.stopSignal ?? 'SIGTERM')
    return watch(child, program.name, logFile)
  }

  /** Ends every program and removes the folder. Calling it again waits for the same end. */
  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  async #close(): Promise<void> {
    this.#closing.abort()
    await endChildren(this.#children)
    await removeHome(this.folder)
    process.off('exit', this.#killChildren)
  }

  #record(child: ChildProcess, stopSignal: NodeJS.Signals): void {
    const identity = child.pid === undefined ? undefined : identify(child.pid)
    if (identity === undefined) return
    this.#children.push({ ...identity, stopSignal })
    this.#writeState()
  }

  #writeState(): void {
    const owner = identify(process.pid)
    if (owner === undefined) throw new Error('The own process has no start time.')
    const state: HomeState = { owner, children: this.#children.filter(isRunning) }
    writeFileSync(join(this.folder, STATE_FILE), JSON.stringify(state), { mode: 0o600 })
  }

  /** For an owner that exits without close(), where nothing can be waited for: the next start removes the folder. */
  readonly #killChildren = (): void => {
    for (const child of this.#children) send(child, 'SIGKILL')
  }
}

/** Ends the programs listed in a home's state, all at the same time. */
export async function endChildren(children: ChildRecord[]): Promise<void> {
  await Promise.all(children.map((child) => endProcess(child, child.stopSignal, STOP_GRACE_MS)))
}

/** Removes an engine folder, trying again while a program that was killed still writes its last file. */
export async function removeHome(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
}

function watch(child: ChildProcess, name: string, logFile: string): Running {
  let ended = false
  let startError: NodeJS.ErrnoException | undefined
  const exitCode = new Promise<number>((resolve) => {
    const end = (code: number | null) => {
      ended = true
      resolve(code ?? -1)
    }
    child.on('exit', end)
    child.on('error', (error) => {
      startError = error
      end(-1)
    })
  })
  return {
    name,
    send: (signal) => child.kill(signal),
    freeze: () => child.pid !== undefined && freezeTree(child.pid),
    thaw: () => child.pid !== undefined && thawTree(child.pid),
    exitCode,
    hasEnded: () => ended,
    isMissing: () => startError?.code === 'ENOENT',
    lastLines: () => startError?.message ?? lastLinesOf(logFile),
  }
}

function lastLinesOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-SHOWN_LOG_LINES).join('\n')
  } catch {
    return '' // the folder is gone already
  }
}
