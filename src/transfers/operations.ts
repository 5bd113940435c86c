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

function importRequest({
  body,
  query,
  spooled,
  workId,
  tokenId,
}: OperationRequest<'importFrame' | 'importFrameAsync'>): ImportRequest {
  const { data: _, filename, ...members } = body ?? {}
  const { measurement, ...options } = agreed(query, members)
  if (!measurement || !spooled)
    throw new DomainError('REQUEST_INVALID', 'name the measurement in the query: ?measurement=<name>', [
      { in: 'query', pointer: '/measurement', expected: 'a name' },
    ])
  return { measurement, filename, options, spooled, origin: { jobId: workId, tokenId } }
}

/** What query and body say together. @throws DomainError REQUEST_INVALID when they say of one thing two */
function agreed<Said extends object>(query: Said, body: Said): Said {
  const inQuery = query as Record<string, unknown>
  for (const [name, inBody] of Object.entries(body)) {
    if (inQuery[name] === undefined || inQuery[name] === inBody) continue
    throw new DomainError(
      'REQUEST_INVALID',
      `${name} is "${inQuery[name]}" in the query and "${inBody}" in the body; say it once, or the same`,
      [{ in: 'query', pointer: `/${name}`, expected: 'as in the body' }],
    )
  }
  return { ...query, ...body }
}
