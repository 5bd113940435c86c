import { execFileSync } from 'node:child_process'

/**
 * Stops a process and all that it has started (SIGSTOP), from the top down, so that none starts another meanwhile. Their
 * connections stay open and nothing is answered on them.
 */
export function freezeTree(pid: number): void {
  signalTree(pid, 'SIGSTOP')
}

/** Lets them go on. */
export function thawTree(pid: number): void {
  signalTree(pid, 'SIGCONT')
}

/** PostgreSQL's backends have process groups of their own, so they are found by their parent. */
function signalTree(pid: number, signal: NodeJS.Signals): void {
  for (let wave = [pid]; wave.length > 0; wave = childrenOf(wave)) for (const one of wave) sendTo(one, signal)
}

function childrenOf(parents: readonly number[]): number[] {
  return execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number) as [number, number])
    .filter(([, parent]) => parents.includes(parent))
    .map(([child]) => child)
}

function sendTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    // It may have ended since it was listed.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
