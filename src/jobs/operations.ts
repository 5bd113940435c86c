import type { AreaHandlers } from '../http/contract.js'
import { pageFigures, pageOf } from '../http/reply.js'
import type { JobService } from './service.js'

export function jobsOperations(jobs: JobService): AreaHandlers<'listJobs' | 'getJob' | 'getQuestDbJob'> {
  return {
    listJobs: async ({ query }) => {
      const page = pageOf(query)
      const found = await jobs.list({ type: query.job_type, status: query.status }, page)
      return { status: 200, json: { jobs: found.jobs, ...pageFigures(found.jobs, found.total, page) } }
    },
    getJob: async ({ params }) => ({ status: 200, json: await jobs.get(params.job_id) }),
    getQuestDbJob: async ({ params }) => ({ status: 200, json: await jobs.get(params.job_id) }),
  }
}
