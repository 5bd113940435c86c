import type { AreaHandlers } from '../http/contract.js'
import { pageFigures, pageOf } from '../http/reply.js'
import type { JobService } from './service.js'

export function jobsOperations(
  jobs: JobService,
): AreaHandlers<'listJobs' | 'getJob' | 'getQuestDbJob' | 'cancelJob' | 'cancelQuestDbJob' | 'retryJob'> {
  const read = async (jobId: string, waitSeconds: number, signal: AbortSignal) => ({
    status: 200 as const,
    json: await (waitSeconds > 0 ? jobs.wait(jobId, waitSeconds * 1000, signal) : jobs.get(jobId)),
  })
  return {
    listJobs: async ({ query }) => {
      const page = pageOf(query)
      const found = await jobs.list({ type: query.job_type, status: query.status }, page)
      return { status: 200, json: { jobs: found.jobs, ...pageFigures(found.jobs, found.total, page) } }
    },
    getJob: ({ params, query, signal }) => read(params.job_id, query.wait ?? 0, signal),
    getQuestDbJob: ({ params, query, signal }) => read(params.job_id, query.wait ?? 0, signal),
    cancelJob: async ({ params }) => ({ status: 200, json: await jobs.cancel(params.job_id) }),
    cancelQuestDbJob: async ({ params }) => ({ status: 200, json: await jobs.cancel(params.job_id) }),
    retryJob: async ({ params }) => ({ status: 200, json: await jobs.retry(params.job_id) }),
  }
}
