import { crashPoint } from '../crash.js'
import type { DownloadService } from '../downloads/service.js'
import type { LoadHooks, LoadResult } from './loader.js'

/** What becomes of a frame with rows that can't be taken: `strict` refuses it, `lenient` leaves these rows out. */
export type Validation = 'strict' | 'lenient'

/**
 * Loads a frame without the rows that can't be taken, and offers the list of them for download. A load that fails, or that has
 * left out no row, leaves no list.
 * @param load is told where to write the list, and what to do before the rows can no longer be taken back
 */
export async function loadLeniently(
  downloads: DownloadService,
  { jobId, measurement }: { readonly jobId: string; readonly measurement: string },
  load: (rejectedFile: string, confirm: LoadHooks['confirm']) => Promise<LoadResult>,
): Promise<LoadResult & { readonly rejectedUrl?: string }> {
  const { downloadId, path, url } = await downloads.place()
  // What PostgreSQL can't be told now is swept later.
  const discard = () => downloads.discard(downloadId).catch(() => {})
  try {
    const result = await load(path, async ({ rejected }, settle) => {
      if (!rejected?.rows) return settle()
      const { bytes, digest, rows } = rejected
      const about = { jobId, filename: `${measurement}_rejected.csv`, media: 'text/csv' } as const
      await downloads.keep({ downloadId, bytes, digest, rows }, about)
      await crashPoint('rejected-rows-kept')
      await settle()
    })
    if (result.rejected?.rows) return { ...result, rejectedUrl: url }
    await discard()
    await crashPoint('rejected-rows-discarded')
    return result
  } catch (error) {
    await discard()
    throw error
  }
}

/** What a receipt says of rows that were left out. */
export function rejectionReceipt({ rowsReceived, rejected, rejectedUrl }: LoadResult & { rejectedUrl?: string }) {
  return {
    rows_received: rowsReceived + (rejected?.rows ?? 0),
    rows_rejected: rejected?.rows ?? 0,
    rejected: rejected?.first ?? [],
    ...(rejectedUrl !== undefined && { rejected_url: rejectedUrl }),
  }
}
