import type { SpooledBody } from '../frames/spooled.js'
import type { AreaHandlers } from '../http/contract.js'
import { pageFigures, pageOf } from '../http/reply.js'
import type { DatasetRecording } from './recording.js'
import type { DatasetService } from './service.js'

export function datasetsOperations(
  datasets: DatasetService,
  recording: DatasetRecording,
): AreaHandlers<
  'listDatasets' | 'saveDataset' | 'getDataset' | 'getDatasetManifest' | 'listIndicatorDatasets' | 'getIndicatorDataset'
> {
  return {
    listDatasets: async ({ query }) => {
      const page = pageOf(query)
      const { symbol, granularity, search } = query
      const found = await datasets.list({ symbol, granularity, search }, page)
      return { status: 200, json: { datasets: found.datasets, ...pageFigures(found.datasets, found.total, page) } }
    },
    saveDataset: async ({ body, spooled, signal, workId, tokenId }) => {
      const origin = { jobId: workId, tokenId }
      const { created, dataset } = await recording.save(body, spooled as SpooledBody, signal, origin)
      return created ? { status: 201, json: dataset } : { status: 200, json: dataset }
    },
    getDataset: async ({ params }) => ({ status: 200, json: await datasets.get(params.dataset_id) }),
    getDatasetManifest: async ({ params }) => ({ status: 200, json: await datasets.manifest(params.dataset_id) }),
    listIndicatorDatasets: async ({ query }) => {
      const page = { limit: query.limit, offset: query.offset as number }
      return { status: 200, json: await datasets.indicatorDatasets(page) }
    },
    getIndicatorDataset: async ({ params }) => ({
      status: 200,
      json: await datasets.indicatorDataset(params.dataset_id),
    }),
  }
}
