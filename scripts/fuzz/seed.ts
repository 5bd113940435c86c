/**
 * Stores what the contract's examples name, by sending the contract's own examples: so requests made from the examples find
 * something, and a dataset, a run, a simulation, an upload and jobs are there from the first request on.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ApiClient, Schemas } from '../demo/api.js'
import { ROOT } from '../root.js'

interface Contract {
  readonly paths: Record<string, Record<string, { requestBody?: { content: Record<string, { example?: unknown }> } }>>
}

const contract = JSON.parse(readFileSync(new URL('../../generated/openapi.json', import.meta.url), 'utf8')) as Contract

const SAVED = [
  '/api/datasets',
  '/api/datasets/{dataset_id}/ohlcv/append',
  '/api/datasets/{dataset_id}/indicators/append',
  '/api/runs',
  '/api/simulations',
  '/api/questdb/import',
  '/api/uploads',
  '/api/questdb/export/async',
]

const MANY_ROWS = 3000
const MANY = {
  measurement: 'fuzz_many',
  data: `timestamp,x\n${Array.from({ length: MANY_ROWS }, (_, at) => `${1732831200000 + at * 60_000},${at}\n`).join('')}`,
}
/** An export that ends at its time limit, a failure after which a job may be tried again. */
const ENDLESS = {
  sql: 'SELECT count() FROM fuzz_many a CROSS JOIN fuzz_many b CROSS JOIN fuzz_many c WHERE a.x + b.x + c.x < 0',
}

/** @returns a token of an admin */
export async function seed(api: ApiClient, secret: string): Promise<string> {
  const wanted = { secret, name: 'fuzz', scopes: ['admin'] }
  const { body } = await api.post<Schemas['Token']>('/api/auth/token', wanted)
  const admin = api.withToken(body.token)
  for (const path of SAVED) await admin.post(path.replace('{dataset_id}', 'btc25_3'), exampleOf(path))
  await admin.post('/api/questdb/import', MANY)
  const exported = await ended(admin, exampleOf('/api/questdb/export/async'))
  const failed = await ended(admin, ENDLESS)
  writeDictionary('downloads', [String(exported.result?.download_id)])
  writeDictionary('jobs', [exported.job_id, failed.job_id])
  return body.token
}

async function ended(api: ApiClient, request: unknown): Promise<Schemas['Job']> {
  const { body: accepted } = await api.post<Schemas['ExportAccepted']>('/api/questdb/export/async', request)
  for (;;) {
    const { body: job } = await api.get<Schemas['Job']>(`/api/jobs/${accepted.job_id}?wait=30`)
    if (job.status === 'COMPLETED' || job.status === 'FAILED') return job
  }
}

/** As schemathesis.toml names it. */
function writeDictionary(name: string, values: readonly string[]): void {
  const folder = join(ROOT, '.cache/fuzz')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, `${name}.dict`), values.map((value) => `"${value}"\n`).join(''))
}

function exampleOf(path: string): unknown {
  const example = contract.paths[path]?.post?.requestBody?.content['application/json']?.example
  if (example === undefined) throw new Error(`POST ${path} has no example of a JSON body`)
  return example
}
