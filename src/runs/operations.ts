import type { SpooledBody } from '../frames/spooled.js'
import type { AreaHandlers } from '../http/contract.js'
import { pageFigures, pageOf, preferredMedia, wantsNoWait } from '../http/reply.js'
import type { RunPersistenceService } from './service.js'

export function runsOperations(
  runs: RunPersistenceService,
  timeoutSeconds: number,
): AreaHandlers<
  | 'listRuns'
  | 'listDatasetRuns'
  | 'saveRun'
  | 'getRun'
  | 'getRunReceipt'
  | 'listRunFolds'
  | 'readRunPredictions'
  | 'listWalkforwardRuns'
  | 'getWalkforwardRun'
> {
  return {
    listRuns: async ({ query }) => {
      const page = pageOf(query)
      const { dataset_id: dataset, status, measurement, search } = query
      const found = await runs.list({ dataset, status, measurement, search }, page)
      return { status: 200, json: { runs: found.runs, ...pageFigures(found.runs, found.total, page) } }
    },
    listDatasetRuns: async ({ params, query }) => {
      const page = pageOf(query)
      const found = await runs.listOfDataset(params.dataset_id, page)
      return { status: 200, json: { runs: found.runs, ...pageFigures(found.runs, found.total, page) } }
    },
    saveRun: async ({ body, headers, spooled, workId, tokenId, signal }) => {
      const origin = { jobId: workId, tokenId }
      if (wantsNoWait(headers.prefer)) {
        const accepted = await runs.saveLater(body, spooled as SpooledBody, origin)
        return { status: 202, json: accepted, location: `/api/jobs/${accepted.job_id}` }
      }
      const { created, receipt } = await runs.save(body, spooled as SpooledBody, signal, origin)
      return created ? { status: 201, json: receipt } : { status: 200, json: receipt }
    },
    getRun: async ({ params, query, signal }) => {
      const { fold_limit: limit, fold_offset: offset, fold_fields: fields } = query
      if (!query.download_predictions && [limit, offset, fields].every((part) => part === undefined))
        return { status: 200, document: await runs.document(params.run_id) }
      if (!query.download_predictions)
        return { status: 200, json: await runs.part(params.run_id, { limit, offset, fields }) }
      const stream = await runs.predictions(
        params.run_id,
        'csv',
        {},
        { signal, timeoutSeconds: query.timeout ?? timeoutSeconds },
      )
      return { status: 200, media: 'text/csv', stream, filename: `${params.run_id}.csv` }
    },
    getRunReceipt: async ({ params }) => ({ status: 200, json: await runs.receipt(params.run_id) }),
    listRunFolds: async ({ params, query }) => {
      const { limit, offset = 0, fields } = query
      const found = await runs.folds(params.run_id, { limit, offset, fields })
      const count = found.folds.length
      return {
        status: 200,
        json: {
          run_id: found.runId,
          folds: found.folds,
          count,
          returned: count,
          total: found.total,
          fold_count: found.total,
          offset,
          has_more: offset + count < found.total,
          aggregates: found.aggregates,
          gaps: found.gaps,
          complete: found.gaps.length === 0,
        },
      }
    },
    readRunPredictions: async ({ params, query, headers, signal }) => {
      const csv = query.format
        ? query.format === 'csv'
        : preferredMedia(headers.accept, ['text/csv', 'application/json']) === 'text/csv'
      const limits = { signal, timeoutSeconds: query.timeout ?? timeoutSeconds }
      const stream = await runs.predictions(params.run_id, csv ? 'csv' : 'json', query, limits)
      if (csv) return { status: 200, media: 'text/csv', stream, filename: `${params.run_id}.csv` }
      return { status: 200, media: 'application/json', stream }
    },
    listWalkforwardRuns: async ({ query }) => ({
      status: 200,
      json: await runs.walkforwardRuns({ limit: query.limit, offset: query.offset as number }),
    }),
    getWalkforwardRun: async ({ params }) => ({ status: 200, document: await runs.document(params.run_id) }),
  }
}
