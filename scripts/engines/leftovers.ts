import { lstatSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { endChildren, HOME_PREFIX, type HomeState, removeHome, STATE_FILE } from './engine-home.js'
import { isRunning } from './process-identity.js'

/** A folder without a readable state may be one that is just being made: it is left alone for this long. */
const STATELESS_GRACE_MS = 60_000

/** Ends the engines of owners that were killed and removes their folders. Those of living owners are left alone. */
export async function removeLeftovers(log: (line: string) => void): Promise<void> {
  const names = readdirSync(tmpdir()).filter((name) => name.startsWith(HOME_PREFIX))
  await Promise.all(names.map((name) => removeIfLeft(join(tmpdir(), name), log)))
}

async function removeIfLeft(folder: string, log: (line: string) => void): Promise<void> {
  if (!isOurs(folder)) return
  const state = readState(folder)
  if (state === undefined ? isFresh(folder) : isRunning(state.owner)) return
  try {
    await endChildren(state?.children ?? [])
    await removeHome(folder)
    log(`removed ${folder}, left behind by an earlier start`)
  } catch (error) {
    // Two starts may clean up the same folder at once; whatever stays is tried again by the next start.
    log(`could not remove ${folder}: ${error instanceof Error ? error.message : error}`)
  }
}

/** The temporary folder is shared with other users: only a real folder of our own is to be believed. */
function isOurs(folder: string): boolean {
  const stat = lstatSync(folder, { throwIfNoEntry: false })
  return stat?.isDirectory() === true && stat.uid === process.getuid?.()
}

function isFresh(folder: string): boolean {
  const stat = lstatSync(folder, { throwIfNoEntry: false })
  return stat !== undefined && Date.now() - stat.mtimeMs < STATELESS_GRACE_MS
}

function readState(folder: string): HomeState | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, STATE_FILE), 'utf8'))
  } catch {
    return undefined
  }
}
