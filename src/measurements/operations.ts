import type { AreaHandlers } from '../http/contract.js'
import { pageFigures, pageOf } from '../http/reply.js'
import type { QuestDbService } from './service.js'

export function measurementsOperations(
  measurements: QuestDbService,
  timeoutSeconds: number,
): AreaHandlers<'listMeasurements' | 'getMeasurement' | 'readSeries' | 'query'> {
  return {
    listMeasurements: async ({ query, signal }) => {
      const page = pageOf(query)
      const found = await measurements.list(query.prefix ?? '', page, signal)
      return {
        status: 200,
        json: { measurements: found.measurements, ...pageFigures(found.measurements, found.total, page) },
      }
    },
    getMeasurement: async ({ params, signal }) => ({
      status: 200,
      json: await measurements.detail(params.name, signal),
    }),
    readSeries: async ({ params, query, signal }) => {
      const { max_points = 2000, method = 'minmax', ...wanted } = query
      return { status: 200, json: await measurements.series(params.name, { ...wanted, max_points, method }, signal) }
    },
    query: async ({ body, query, signal }) => ({
      status: 200,
      media: 'application/json',
      stream: await measurements.query(body, { signal, timeoutSeconds: query.timeout ?? timeoutSeconds }),
    }),
  }
}
