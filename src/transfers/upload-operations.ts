import type { SpooledBody } from '../frames/spooled.js'
import type { AreaHandlers } from '../http/contract.js'
import type { TransferService } from './service.js'

export function uploadOperations({
  uploads,
}: TransferService): AreaHandlers<'createUpload' | 'getUpload' | 'deleteUpload'> {
  return {
    createUpload: async ({ query, spooled, workId }) => {
      const upload = await uploads.keep(spooled as SpooledBody, query.filename ?? '', workId)
      return { status: 201, json: upload, location: `/api/uploads/${upload.upload_id}` }
    },
    getUpload: async ({ params }) => ({ status: 200, json: await uploads.get(params.upload_id) }),
    deleteUpload: async ({ params }) => ({ status: 200, json: await uploads.remove(params.upload_id) }),
  }
}
