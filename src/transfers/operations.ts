import { DomainError } from '../errors.js'
import type { AreaHandlers, OperationRequest } from '../http/contract.js'
import type { ImportRequest, TransferService } from './service.js'

export function transfersOperations(transfers: TransferService): AreaHandlers<'importFrame' | 'importFrameAsync'> {
  return {
    importFrame: async (request) => ({
      status: 200,
      json: await transfers.importNow(importRequest(request), request.signal),
    }),
    importFrameAsync: async (request) => {
      const job = await transfers.importLater(importRequest(request))
      return {
        status: 202,
        json: { job_id: job.job_id, status: job.status, measurement: job.payload?.measurement as string },
        location: `/api/jobs/${job.job_id}`,
      }
    },
  }
}

function importRequest({ body, query, spooled }: OperationRequest<'importFrame' | 'importFrameAsync'>): ImportRequest {
  const measurement = body?.measurement ?? query.measurement
  if (!measurement || !spooled)
    throw new DomainError('REQUEST_INVALID', 'name the measurement in the query: ?measurement=<name>', [
      { in: 'query', pointer: '/measurement', expected: 'a name' },
    ])
  return {
    measurement,
    filename: body?.filename,
    timestampColumn: query.timestamp_column,
    timestampUnit: query.timestamp_unit,
    validation: body?.validation ?? query.validation ?? 'strict',
    spooled,
  }
}
