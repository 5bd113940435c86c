import type { SpooledBody } from '../frames/spooled.js'
import type { AreaHandlers } from '../http/contract.js'
import type { DatasetFrames } from './frames.js'

export function frameOperations(
  frames: DatasetFrames,
): AreaHandlers<'readOhlcv' | 'appendOhlcv' | 'readIndicators' | 'appendIndicators' | 'getDatasetIndexMap'> {
  return {
    readOhlcv: async ({ params, query, signal }) => ({
      status: 200,
      media: 'application/json',
      stream: await frames.read(params.dataset_id, 'ohlcv', query, signal),
    }),
    readIndicators: async ({ params, query, signal }) => ({
      status: 200,
      media: 'application/json',
      stream: await frames.read(params.dataset_id, 'indicators', query, signal),
    }),
    appendOhlcv: async ({ params, spooled, signal }) => ({
      status: 200,
      json: await frames.append(params.dataset_id, 'ohlcv', spooled as SpooledBody, signal),
    }),
    appendIndicators: async ({ params, spooled, signal }) => ({
      status: 200,
      json: await frames.append(params.dataset_id, 'indicators', spooled as SpooledBody, signal),
    }),
    getDatasetIndexMap: async ({ params, query, signal }) => ({
      status: 200,
      media: 'application/json',
      stream: await frames.indexMap(
        params.dataset_id,
        query.type === 'ohlcv' ? 'ohlcv' : 'indicators',
        { start: query.start_idx, end: query.end_idx },
        signal,
      ),
    }),
  }
}
