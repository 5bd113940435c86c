/** Runs other programs in the foreground: what they print is for the person at the keyboard. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** A program is missing, or has failed; the message is for the person at the keyboard. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
}

export interface CommandOptions {
  readonly cwd?: string
  /** Beside what this process has. */
  readonly env?: Readonly<Record<string, string>>
  readonly signal: AbortSignal
}

/** @throws CommandError when it can't be started or ends with another code than 0 */
export async function run(command: string, args: readonly string[], options: CommandOptions): Promise<void> {
  const { cwd, env, signal } = options
  const child = spawn(command, args, { stdio: 'inherit', ...(cwd ? { cwd } : {}), env: { ...process.env, ...env } })
  const end = () => child.kill()
  signal.addEventListener('abort', end, { once: true })
  try {
    const [code] = (await once(child, 'close')) as [number | null]
    if (code !== 0) throw new CommandError(`${command} has failed, exit code ${code}`)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    throw new CommandError(`${command} is missing`)
  } finally {
    signal.removeEventListener('abort', end)
  }
}

/** Where the program of this name is, by PATH; undefined when it is not installed. */
export function programPath(command: string): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return folders.map((folder) => join(folder, command)).find(exists)
}

export function exists(path: string): boolean {
  try {
    accessSync(path)
    return true
  } catch {
    return false
  }
}
