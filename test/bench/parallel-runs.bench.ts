/**
 * A minute of twelve savers, half of them of one run and half each of its own, between readers: every answer is a success,
 * every read one whole save, and what was acknowledged last is what stays. Longer than a test may take; it fails like one.
 */
import { ownDataset, ownRun } from '../support/fixtures.js'
import { startServer } from '../support/server.js'
import { median, report } from './figures.js'

const SECONDS = 60
const SAVERS = 12
const READERS = 6
const FOLDS = [312, 300, 40, 7, 1]

interface Save {
  readonly began: number
  readonly ended: number
  readonly etag: string
  readonly note: string
}

interface Detail {
  readonly note: string
  readonly run: { readonly note: string }
  readonly fold_count: number
  readonly folds: readonly { readonly fold_number: number; readonly note: string }[]
}

const server = await startServer({
  settings: { STAGE1_LIMITS_ADDRESS_PER_MINUTE: '1000000', STAGE1_LIMITS_TOKEN_PER_MINUTE: '1000000' },
})
try {
  const dataset = ownDataset(server.engines.prefix, 'soak')
  await server.post('/api/datasets', dataset)
  const shared = ownRun(server.engines.prefix, dataset.dataset_id, 312)
  const targets = Array.from({ length: SAVERS }, (_, i) =>
    i < SAVERS / 2 ? shared : ownRun(server.engines.prefix, dataset.dataset_id, 312),
  )
  for (const target of new Set(targets)) await save(target, 'first', 312)

  const until = performance.now() + SECONDS * 1000
  const reads: number[] = []
  const saves: Save[][] = await Promise.all([
    ...targets.map((target, saver) => saveOn(target, saver, until)),
    ...Array.from({ length: READERS }, (_, i) => readOn(targets, i, until, reads).then(() => [])),
  ])

  for (const target of new Set(targets)) {
    const all = saves.flatMap((list, saver) => (targets[saver] === target ? list : []))
    const { etag } = await read(target.run.run_id)
    const last = all.find((one) => one.etag === etag)
    if (!last) throw new Error(`run ${target.run.run_id} is none of its ${all.length} saves`)
    const later = all.find((one) => one.began > last.ended)
    if (later) throw new Error(`run ${target.run.run_id} is ${last.note}, but ${later.note} was acknowledged after it`)
  }
  const took = saves.flat().map(({ began, ended }) => ended - began)
  const figures = `${took.length} saves, p50 ${median(took).toFixed(0)} ms; ${reads.length} reads, p50 ${median(reads).toFixed(0)} ms`
  report(`${SAVERS} savers, ${READERS} readers, ${SECONDS} s`, figures, { text: 'whole, none lost', held: true })
} finally {
  await server.stop()
}

async function saveOn(target: ReturnType<typeof ownRun>, saver: number, until: number): Promise<Save[]> {
  const done: Save[] = []
  for (let n = 0; performance.now() < until; n++)
    done.push(await save(target, `${saver}.${n}`, FOLDS[(saver + n) % FOLDS.length] as number))
  return done
}

async function save({ run, folds }: ReturnType<typeof ownRun>, note: string, count: number): Promise<Save> {
  const marked = folds.slice(0, count).map((fold) => ({ ...fold, note }))
  const began = performance.now()
  const answer = await server.post('/api/runs', { run: { ...run, note }, folds: marked, fold_count: count })
  const { folds_written, etag } = answer.json as { folds_written: number; etag: string }
  if (answer.status > 201 || folds_written !== count) throw new Error(`save ${note}: ${answer.status} ${answer.text}`)
  return { began, ended: performance.now(), etag, note }
}

async function readOn(targets: ReturnType<typeof ownRun>[], reader: number, until: number, times: number[]) {
  for (let n = reader; performance.now() < until; n++) {
    const began = performance.now()
    await read((targets[n % targets.length] as ReturnType<typeof ownRun>).run.run_id)
    times.push(performance.now() - began)
    if (n % 10 === 0) {
      const list = await server.get('/api/runs?limit=20')
      if (list.status !== 200) throw new Error(list.text)
    }
  }
}

async function read(runId: string): Promise<{ etag: string | null }> {
  const answer = await server.get(`/api/runs/${runId}`)
  if (answer.status !== 200) throw new Error(`read: ${answer.status} ${answer.text.slice(0, 500)}`)
  const { note, run, fold_count, folds } = answer.json as Detail
  const whole =
    run.note === note &&
    folds.length === fold_count &&
    folds.every((fold, i) => fold.fold_number === i && fold.note === note)
  if (!whole) throw new Error(`read of ${runId}: not one whole save, but ${note} with ${folds.length} folds`)
  return { etag: answer.headers.get('etag') }
}
