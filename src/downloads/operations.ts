import type { AreaHandlers } from '../http/contract.js'
import type { DownloadService } from './service.js'

export function downloadsOperations(downloads: DownloadService): AreaHandlers<'getDownload'> {
  return {
    getDownload: async ({ params }) => {
      const { media, filename, ...file } = await downloads.get(params.download_id)
      return { status: 200, media, file, filename }
    },
  }
}
