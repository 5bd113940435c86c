import { randomUUID } from 'node:crypto'
import * as assert from 'uvu/assert'
import { type DatasetBody, ownDataset, ownRun, ownSimulation, type RunBody } from '../../support/fixtures.js'
import { startServer } from '../../support/server.js'
import { test } from '../../support/test.js'

interface Shown {
  readonly simulation_id: string
  readonly run_id: string
  readonly dataset_id: string
  readonly dataset_slug: string
  readonly run_known: boolean
  readonly dataset_known: boolean
  readonly client_run_id: string
  readonly client_dataset_id: string
}

interface DatasetCounts {
  readonly dataset_slug: string
  readonly simulation_count: number
  readonly related_simulations: number
}

const server = await startServer()
const { prefix } = server.engines
test.after(() => server.stop())

async function post(path: string, body: unknown) {
  const answer = await server.post(path, body)
  assert.ok(answer.status < 300, answer.text.slice(0, 500))
  return answer.json as Record<string, unknown> & { warnings: string[] }
}

async function detail(id: string): Promise<Shown> {
  return (await server.get(`/api/simulations/${id}`)).json as Shown
}

/** What the simulation is found to belong to, as detail and list tell it. */
async function links(id: string) {
  const shown = await detail(id)
  const listed = (await server.get(`/api/simulations?search=${id}`)).json as { simulations: Shown[] }
  const told = ({ run_id, run_known, dataset_id, dataset_slug, dataset_known }: Shown) => ({
    run_id,
    run_known,
    dataset_id,
    dataset_slug,
    dataset_known,
  })
  assert.equal(listed.simulations.map(told), [told(shown)])
  return told(shown)
}

/** How many simulations the dataset has: in the list of datasets, in its detail, and in the list of simulations. */
async function countOf(dataset: DatasetBody): Promise<number> {
  const slug = dataset.dataset_slug
  const page = (await server.get('/api/datasets?limit=1000')).json as { datasets: DatasetCounts[] }
  const listed = page.datasets.find((item) => item.dataset_slug === slug) as DatasetCounts
  const one = (await server.get(`/api/datasets/${slug}`)).json as DatasetCounts
  const found = (await server.get(`/api/simulations?dataset_id=${slug}`)).json as {
    total: number
    simulations: Shown[]
  }
  assert.ok(found.simulations.every((simulation) => simulation.dataset_slug === slug))
  const { related_simulations: count } = listed
  assert.equal(
    [listed.simulation_count, one.related_simulations, one.simulation_count, found.total],
    Array(4).fill(count),
  )
  return count
}

async function countOfRun(runId: string): Promise<number> {
  return ((await server.get(`/api/simulations?run_id=${runId}`)).json as { total: number }).total
}

function runOf(dataset: DatasetBody, over: Record<string, unknown> = {}): RunBody {
  return ownRun(prefix, dataset.dataset_id, 1, over)
}

/** What `links` tells of a simulation of this run and its dataset. */
function of(dataset: DatasetBody, run?: RunBody, sent?: string) {
  return {
    run_id: run?.run.run_id ?? sent,
    run_known: run !== undefined,
    dataset_id: dataset.dataset_id,
    dataset_slug: dataset.dataset_slug,
    dataset_known: true,
  }
}

test('a simulation whose run and dataset nobody has is kept, with what the client said', async () => {
  const body = ownSimulation(2)
  const { run_id, dataset_id } = body
  const receipt = await post('/api/simulations', body)
  assert.equal(
    [receipt.run_id, receipt.dataset_id, receipt.run_known, receipt.dataset_known],
    [run_id, '', false, false],
  )
  assert.equal(receipt.warnings, [
    `run ${run_id} is not here; the simulation belongs to it as soon as it is saved`,
    `dataset ${dataset_id} is not here; the simulation belongs to it as soon as it is registered`,
  ])
  const expected = { run_id, run_known: false, dataset_id, dataset_slug: '', dataset_known: false }
  assert.equal(await links(body.simulation_id), expected)
  for (const query of [`run_id=${run_id}`, `run_id=${run_id.toUpperCase()}`, `dataset_id=${dataset_id}`]) {
    const { json } = await server.get(`/api/simulations?${query}`)
    assert.equal(
      (json as { simulations: Shown[] }).simulations.map((item) => item.simulation_id),
      [body.simulation_id],
    )
  }
})

test('a simulation belongs to its run and the dataset of the run as soon as they are saved', async () => {
  const dataset = ownDataset(prefix, 'late')
  const run = runOf(dataset)
  const body = ownSimulation(2, { run_id: run.run.run_id })
  await post('/api/simulations', body)
  assert.is((await links(body.simulation_id)).run_known, false)
  await post('/api/datasets', dataset)
  assert.is(await countOf(dataset), 0)
  await post('/api/runs', run)
  assert.equal(await links(body.simulation_id), of(dataset, run))
  assert.equal([await countOf(dataset), await countOfRun(run.run.run_id)], [1, 1])
  const { client_run_id, client_dataset_id } = await detail(body.simulation_id)
  assert.equal([client_run_id, client_dataset_id], [body.run_id, body.dataset_id])
  const receipt = await post('/api/simulations', body)
  assert.equal(
    [receipt.dataset_id, receipt.dataset_slug, receipt.warnings],
    [dataset.dataset_id, dataset.dataset_slug, []],
  )
})

test('a run that is not here by its id is found by the name of its predictions, in any case', async () => {
  const dataset = ownDataset(prefix, 'by_measurement')
  const run = runOf(dataset)
  const body = ownSimulation(1, { input_run_measurement: run.run.prediction_measurement.toUpperCase() })
  await post('/api/simulations', body)
  await post('/api/datasets', dataset)
  await post('/api/runs', run)
  assert.equal(await links(body.simulation_id), of(dataset, run))
  assert.equal([await countOf(dataset), await countOfRun(run.run.run_id)], [1, 1])

  await post('/api/runs', runOf(dataset, { prediction_measurement: run.run.prediction_measurement }))
  assert.is((await links(body.simulation_id)).run_known, false, 'two runs have predictions of this name')
  assert.equal([await countOf(dataset), await countOfRun(run.run.run_id)], [0, 0])
})

test('the run that the client names wins over the one with the name of its predictions', async () => {
  const [one, other] = [ownDataset(prefix, 'named'), ownDataset(prefix, 'measured')]
  const [named, measured] = [runOf(one), runOf(other)]
  for (const dataset of [one, other]) await post('/api/datasets', dataset)
  for (const run of [named, measured]) await post('/api/runs', run)
  const body = ownSimulation(1, {
    run_id: named.run.run_id,
    dataset_id: other.dataset_id,
    input_run_measurement: measured.run.prediction_measurement,
  })
  await post('/api/simulations', body)
  assert.equal(await links(body.simulation_id), of(one, named), 'and its dataset over the one that the client names')
  assert.equal([await countOf(one), await countOf(other)], [1, 0])
  assert.equal([await countOfRun(named.run.run_id), await countOfRun(measured.run.run_id)], [1, 0])
})

test('without a run the dataset is found by id, alias and slug', async () => {
  const dataset = ownDataset(prefix, 'by_name')
  const alias = randomUUID()
  await post('/api/datasets', dataset)
  await post('/api/datasets', { ...dataset, dataset_id: alias })
  for (const over of [
    { dataset_id: dataset.dataset_id.toUpperCase() },
    { dataset_id: alias },
    { dataset_id: dataset.dataset_slug },
    { dataset_id: undefined, dataset_slug: dataset.dataset_slug },
  ]) {
    const body = ownSimulation(1, over)
    await post('/api/simulations', body)
    assert.equal(await links(body.simulation_id), of(dataset, undefined, body.run_id), JSON.stringify(over))
  }
  assert.is(await countOf(dataset), 4)
})

test('a dataset id that means nothing, as the desktop sends it, is replaced by what the measurement is named after', async () => {
  const dataset = ownDataset(prefix, 'stem')
  const { indicator_measurement: indicators } = dataset.metadata as { indicator_measurement: string }
  const bodies = [
    { input_run_measurement: `${indicators}_run2` },
    { input_run_measurement: `${dataset.dataset_slug}_wf1762169` },
    { questdb_namespace: `${indicators.toUpperCase()}_sim1` },
  ].map((over) => ownSimulation(1, over))
  const unrelated = ownSimulation(1, { input_run_measurement: `${indicators}x_run2` })
  for (const body of [...bodies, unrelated]) await post('/api/simulations', body)
  await post('/api/datasets', dataset)
  for (const body of bodies) assert.equal(await links(body.simulation_id), of(dataset, undefined, body.run_id))
  assert.is((await links(unrelated.simulation_id)).dataset_known, false)
  assert.is(await countOf(dataset), 3)

  const twin = ownDataset(prefix, 'stem_twin')
  await post('/api/datasets', { ...twin, metadata: { ...twin.metadata, indicator_measurement: indicators } })
  assert.equal([await countOf(dataset), await countOf(twin)], [1, 0], 'two datasets have indicators of this name')
})

test('a run that moves to another dataset takes its simulations along', async () => {
  const [from, to] = [ownDataset(prefix, 'from'), ownDataset(prefix, 'to')]
  for (const dataset of [from, to]) await post('/api/datasets', dataset)
  const run = runOf(from)
  await post('/api/runs', run)
  const body = ownSimulation(1, { run_id: run.run.run_id })
  await post('/api/simulations', body)
  assert.equal([await countOf(from), await countOf(to)], [1, 0])
  await post('/api/runs', { ...run, run: { ...run.run, dataset_id: to.dataset_id } })
  assert.equal(await links(body.simulation_id), of(to, run))
  assert.equal([await countOf(from), await countOf(to)], [0, 1])
})

test('ids that are no UUIDs are kept and found as they were sent', async () => {
  const body = ownSimulation(1, { run_id: 'Run-7.b', dataset_id: 'nobody' })
  await post('/api/simulations', body)
  assert.equal([(await detail(body.simulation_id)).run_id, await countOfRun('run-7.B')], ['Run-7.b', 1])
  const { json } = await server.get('/api/simulations?dataset_id=nobody')
  assert.is((json as { total: number }).total, 1)
})

test.run()
