import type { SpooledBody } from '../frames/spooled.js'
import type { AreaHandlers } from '../http/contract.js'
import { pageFigures, pageOf, prefersCsv } from '../http/reply.js'
import type { RunPersistenceService } from './service.js'

export function runsOperations(
  runs: RunPersistenceService,
  timeoutSeconds: number,
): AreaHandlers<'listRuns' | 'listDatasetRuns' | 'saveRun' | 'getRun' | 'readRunPredictions'> {
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
    saveRun: async ({ body, spooled, signal }) => {
      const { created, receipt } = await runs.save(body, spooled as SpooledBody, signal)
      return created ? { status: 201, json: receipt } : { status: 200, json: receipt }
    },
    getRun: async ({ params, query, signal }) => {
      if (!query.download_predictions) return { status: 200, document: await runs.document(params.run_id) }
      const stream = await runs.predictions(
        params.run_id,
        'csv',
        {},
        { signal, timeoutSeconds: query.timeout ?? timeoutSeconds },
      )
      return { status: 200, media: 'text/csv', stream, filename: `${params.run_id}.csv` }
    },
    readRunPredictions: async ({ params, query, headers, signal }) => {
      const csv = query.format === undefined ? prefersCsv(headers.accept) : query.format === 'csv'
      const limits = { signal, timeoutSeconds: query.timeout ?? timeoutSeconds }
      const stream = await runs.predictions(params.run_id, csv ? 'csv' : 'json', query, limits)
      if (csv) return { status: 200, media: 'text/csv', stream, filename: `${params.run_id}.csv` }
      return { status: 200, media: 'application/json', stream }
    },
  }
}
