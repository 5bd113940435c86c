/** A disk that is soon full: a tmpfs, which only root may mount. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmdirSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface SmallDisk {
  readonly folder: string
  /** Takes all room but for so many bytes. */
  fill(leaveBytes?: number): void
  /** Gives back what `fill` has taken. */
  free(): void
  /** Unmounts it. */
  release(): void
}

/** Undefined, with the reason printed, where none can be made. */
export function smallDisk(megabytes: number): SmallDisk | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'stage1-test-disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=711`, 'tmpfs', folder], { stdio: 'pipe' })
  } catch (error) {
    rmdirSync(folder)
    console.log(`skipped: no small disk can be mounted here: ${(error as Error).message.split('\n').pop()}`)
    return undefined
  }
  const ballast = join(folder, 'ballast')
  return {
    folder,
    fill(leaveBytes = 0) {
      rmSync(ballast, { force: true })
      const { bavail, bsize } = statfsSync(folder)
      const bytes = bavail * bsize - leaveBytes
      if (bytes > 0) execFileSync('fallocate', ['-l', String(bytes), ballast])
    },
    free: () => rmSync(ballast, { force: true }),
    release() {
      // Lazily: a program that has just been killed may still have files there.
      execFileSync('umount', ['-l', folder])
      rmdirSync(folder)
    },
  }
}
