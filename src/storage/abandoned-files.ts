/** Files that a crash has left in a folder which several servers may share. */
import { randomUUID } from 'node:crypto'
import { readdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** No file that is being written or loaded has been silent for so long, tries at an engine that is away among it. */
export const ABANDONED_AFTER_MS = 2 * 3600 * 1000

/** Removes the files of these names that nobody has written to for hours; a folder that is not there has none. */
export async function removeAbandoned(folder: string, mayGo: (name: string) => boolean): Promise<void> {
  const names = (await namesIn(folder)).filter(mayGo)
  if (names.length === 0) return
  const now = await timeIn(folder)
  for (const name of names) {
    const path = join(folder, name)
    const found = await stat(path).catch(() => undefined)
    if (found && now - found.mtimeMs > ABANDONED_AFTER_MS) await rm(path, { force: true })
  }
}

/** The time by the clock that dates the files, also that of the folder: this server's own may be wrong, or set meanwhile. */
export async function timeIn(folder: string): Promise<number> {
  const path = join(folder, `${randomUUID()}.now`)
  try {
    await writeFile(path, '', { flag: 'wx', mode: 0o600 })
    return (await stat(path)).mtimeMs
  } finally {
    await rm(path, { force: true })
  }
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
}
