import type { AreaHandlers } from '../http/contract.js'
import { pageFigures, pageOf } from '../http/reply.js'
import type { DatasetService } from './service.js'

export function datasetsOperations(
  datasets: DatasetService,
): AreaHandlers<'listDatasets' | 'saveDataset' | 'getDataset'> {
  return {
    listDatasets: async ({ query }) => {
      const page = pageOf(query)
      const found = await datasets.list(page)
      return { status: 200, json: { datasets: found.datasets, ...pageFigures(found.datasets, found.total, page) } }
    },
    saveDataset: async ({ body }) => {
      const { created, dataset } = await datasets.save(body)
      return created ? { status: 201, json: dataset } : { status: 200, json: dataset }
    },
    getDataset: async ({ params }) => ({ status: 200, json: await datasets.get(params.dataset_id) }),
  }
}
