import { randomUUID } from 'node:crypto'
import * as assert from 'uvu/assert'
import { bars, type DatasetBody, ownDataset } from '../../support/fixtures.js'
import { type Received, startServer } from '../../support/server.js'
import { test } from '../../support/test.js'

interface Shown {
  readonly dataset_id: string
  readonly dataset_slug: string
  readonly alias_ids: string[]
}

const server = await startServer()
const { prefix } = server.engines
test.after(() => server.stop())

async function register(body: Record<string, unknown>): Promise<{ status: number; shown: Shown; answer: Received }> {
  const answer = await server.post('/api/datasets', body)
  return { status: answer.status, shown: answer.json as Shown, answer }
}

/** A dataset that two computers registered, each under an id of its own. */
async function twoIds(name: string): Promise<{ body: DatasetBody; id: string; alias: string; keys: string[] }> {
  const body = ownDataset(prefix, name)
  const id = body.dataset_id
  const alias = randomUUID()
  await register(body)
  await register({ ...body, dataset_id: alias })
  return { body, id, alias, keys: [id, alias, body.dataset_slug, id.toUpperCase(), alias.toUpperCase()] }
}

test('the same slug under another id is the same dataset: the first id stays, the second becomes an alias', async () => {
  const body = ownDataset(prefix, 'two')
  assert.is((await register(body)).status, 201)
  const alias = randomUUID()
  const again = await register({ ...body, dataset_id: alias })
  assert.is(again.status, 200)
  assert.equal([again.shown.dataset_id, again.shown.alias_ids], [body.dataset_id, [alias]])
  const third = randomUUID()
  await register({ ...body, dataset_id: third })
  const shown = (await register({ ...body, dataset_id: alias.toUpperCase() })).shown
  assert.equal([shown.dataset_id, shown.alias_ids], [body.dataset_id, [alias, third]], 'an alias is kept once')
})

test('every route takes the id, an alias and the slug, in either case of an id', async () => {
  const { body, id, keys } = await twoIds('routes')
  const rows = bars(4)
  for (const key of keys) {
    const detail = await server.get(`/api/datasets/${key}`)
    assert.is((detail.json as Shown).dataset_id, id, key)
    for (const frame of ['ohlcv', 'indicators']) {
      const receipt = await server.post(`/api/datasets/${key}/${frame}/append`, { rows })
      assert.equal([receipt.status, (receipt.json as Shown).dataset_id], [200, id], receipt.text)
      const read = await server.get(`/api/datasets/${key}/${frame}`)
      assert.equal([read.status, (read.json as { count: number }).count], [200, 4], key)
    }
    const runs = await server.get(`/api/datasets/${key}/runs`)
    assert.equal([runs.status, (runs.json as { total: number }).total], [200, 0], key)
    assert.is((await server.get(`/api/runs?dataset_id=${key}`)).status, 200)
  }
  assert.is(body.dataset_id, id)
})

test('an id that belongs to one dataset can not name another one, as its own or as an alias', async () => {
  const { id, alias, body } = await twoIds('owner')
  const other = ownDataset(prefix, 'intruder')
  for (const taken of [id, alias, id.toUpperCase()]) {
    const { status, answer } = await register({ ...other, dataset_id: taken })
    const problem = answer.json as { code: string; message: string; details: Record<string, unknown> }
    assert.equal([status, problem.code], [409, 'DATASET_ID_IN_USE'])
    assert.is(problem.details.dataset_slug, body.dataset_slug)
    assert.match(problem.message, body.dataset_slug)
  }
  assert.is((await server.get(`/api/datasets/${other.dataset_slug}`)).status, 404, 'nothing of it was stored')
  await register(other)
  assert.is((await register({ ...other, dataset_id: alias })).status, 409)
})

test('a slug that looks like an id is found, and an id of a dataset comes first', async () => {
  const { id } = await twoIds('lookalike')
  const slug = randomUUID()
  await register({ dataset_slug: slug })
  assert.is(((await server.get(`/api/datasets/${slug}`)).json as Shown).dataset_slug, slug)
  assert.is(((await server.get(`/api/datasets/${id}`)).json as Shown).dataset_id, id)
})

test('ten registrations of one slug at the same moment make one dataset with nine aliases', async () => {
  const body = ownDataset(prefix, 'rush')
  const ids = Array.from({ length: 10 }, () => randomUUID())
  const answers = await Promise.all(ids.map((dataset_id) => register({ ...body, dataset_id })))
  assert.equal(answers.map(({ status }) => status).sort(), [...Array(9).fill(200), 201])
  const { json } = await server.get(`/api/datasets/${body.dataset_slug}`)
  const shown = json as Shown
  assert.equal([shown.dataset_id, ...shown.alias_ids].sort(), [...ids].sort())
  assert.is(answers.find(({ status }) => status === 201)?.shown.dataset_id, shown.dataset_id)
})

test('ten registrations without an id at the same moment make one dataset', async () => {
  const { dataset_id: _, ...body } = ownDataset(prefix, 'nameless')
  const answers = await Promise.all(Array.from({ length: 10 }, () => register(body)))
  assert.is(new Set(answers.map(({ shown }) => shown.dataset_id)).size, 1)
  assert.is(answers.filter(({ status }) => status === 201).length, 1)
})

test('registrations at the same moment that know different things lose none of them', async () => {
  const body = ownDataset(prefix, 'joined')
  await register(body)
  const facts = Array.from({ length: 12 }, (_, i) => [`fact_${i}`, i + 1] as const)
  await Promise.all(
    facts.map(([key, value]) => register({ dataset_slug: body.dataset_slug, metadata: { [key]: value } })),
  )
  const { metadata } = (await server.get(`/api/datasets/${body.dataset_slug}`)).json as {
    metadata: Record<string, unknown>
  }
  assert.equal(
    facts.map(([key]) => metadata[key]),
    facts.map(([, value]) => value),
  )
})

test('one id for two new slugs at the same moment names one of them; the other is told so', async () => {
  const dataset_id = randomUUID()
  const answers = await Promise.all(
    Array.from({ length: 6 }, (_, i) => register({ ...ownDataset(prefix, `race_${i % 2}`), dataset_id })),
  )
  const statuses = answers.map(({ status }) => status)
  assert.ok(
    statuses.every((status) => [200, 201, 409].includes(status)),
    statuses.join(),
  )
  assert.is(statuses.filter((status) => status === 201).length, 1)
  assert.ok(statuses.includes(409))
})

test('one new id for two known slugs at the same moment becomes an alias of one of them; the other is told so', async () => {
  const [one, other] = [ownDataset(prefix, 'known_1'), ownDataset(prefix, 'known_2')]
  for (const body of [one, other]) await register(body)
  for (let round = 0; round < 5; round++) {
    const dataset_id = randomUUID()
    const answers = await Promise.all([one, other].map((body) => register({ ...body, dataset_id })))
    assert.equal(answers.map(({ status }) => status).sort(), [200, 409])
  }
})

test('a dataset that nobody registered is named in the answer', async () => {
  for (const key of [randomUUID(), 'nobody', 'a.b-c']) {
    for (const path of ['', '/ohlcv', '/indicators', '/runs']) {
      const { status, json } = await server.get(`/api/datasets/${key}${path}`)
      const problem = json as { code: string; message: string }
      assert.equal([status, problem.code], [404, 'DATASET_NOT_FOUND'])
      assert.match(problem.message, key)
    }
  }
})

test.run()
