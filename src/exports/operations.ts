import type { AreaHandlers } from '../http/contract.js'
import { preferredMedia } from '../http/reply.js'
import { type ExportService, FORMATS, type Format } from './service.js'

export function exportsOperations(
  exports: ExportService,
  timeoutSeconds: number,
): AreaHandlers<'exportFrame' | 'exportFrameAsync'> {
  return {
    exportFrame: async ({ body, query, headers, signal }) => {
      const format = body.format ?? acceptedFormat(headers.accept)
      const limits = { signal, timeoutSeconds: query.timeout ?? timeoutSeconds }
      const { stream, filename } = await exports.exportNow(body, format, limits)
      return { status: 200, media: FORMATS[format], stream, filename }
    },
    exportFrameAsync: async ({ body, signal, workId, tokenId }) => {
      const origin = { jobId: workId, tokenId }
      const accepted = await exports.exportLater(body, body.format ?? 'csv', signal, origin)
      return { status: 202, json: accepted, location: `/api/jobs/${accepted.job_id}` }
    },
  }
}

/** The format that `Accept` names first, else CSV. */
function acceptedFormat(accept: string | string[] | undefined): Format {
  const media = preferredMedia(accept, Object.values(FORMATS))
  return (Object.keys(FORMATS) as Format[]).find((format) => FORMATS[format] === media) ?? 'csv'
}
