import type { AreaHandlers } from '../http/contract.js'
import { pageFigures, pageOf } from '../http/reply.js'
import type { SimulationService } from './service.js'

export function simulationsOperations(
  simulations: SimulationService,
): AreaHandlers<
  | 'listSimulations'
  | 'saveSimulation'
  | 'getSimulation'
  | 'listSimulationTrades'
  | 'listTradesimRuns'
  | 'getTradesimRun'
  | 'listTradesimTrades'
> {
  return {
    listSimulations: async ({ query }) => {
      const page = pageOf(query)
      const { run_id: run, dataset_id: dataset, status, search } = query
      const found = await simulations.list({ run, dataset, status, search }, page)
      const { simulations: items, total } = found
      return { status: 200, json: { simulations: items, ...pageFigures(items, total, page) } }
    },
    saveSimulation: async ({ body, workId }) => {
      const { created, receipt } = await simulations.save(body, workId)
      return created ? { status: 201, json: receipt } : { status: 200, json: receipt }
    },
    getSimulation: async ({ params }) => ({ status: 200, json: await simulations.get(params.simulation_id) }),
    listSimulationTrades: async ({ params, query }) => {
      const wanted = { side: query.side, foldIndex: query.fold_index }
      return { status: 200, json: await tradePage(simulations, params.simulation_id, wanted, pageOf(query)) }
    },
    listTradesimRuns: async ({ query }) => {
      const page = { limit: query.limit, offset: query.offset as number }
      return { status: 200, json: await simulations.tradesimRuns(page) }
    },
    getTradesimRun: async ({ params }) => ({ status: 200, json: await simulations.tradesimRun(params.simulation_id) }),
    listTradesimTrades: async ({ params, query }) => ({
      status: 200,
      json: await tradePage(simulations, params.simulation_id, {}, pageOf(query)),
    }),
  }
}

async function tradePage(
  simulations: SimulationService,
  simulation_id: string,
  wanted: { side?: string | undefined; foldIndex?: number | undefined },
  page: { limit: number; offset: number },
) {
  const { trades, total } = await simulations.trades(simulation_id, wanted, page)
  return { simulation_id: simulation_id.toLowerCase(), trades, ...pageFigures(trades, total, page) }
}
