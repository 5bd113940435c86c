/** The promise of the contract: whatever would break a client that was made from the last release is found by `make compatibility`. */
import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as assert from 'uvu/assert'
import { ROOT } from '../../scripts/root.js'
import { test } from '../support/test.js'

// A document that is changed by hand has no type.
// biome-ignore lint/suspicious/noExplicitAny: as said
type Contract = any

const RELEASES = join(ROOT, 'spec/releases')
const releases = readdirSync(RELEASES).filter((name) => name.endsWith('.json'))
const current = readFileSync(join(ROOT, 'generated/openapi.json'), 'utf8')
const folder = mkdtempSync(join(tmpdir(), 'stage1-compatibility-'))
test.after(() => rmSync(folder, { recursive: true, force: true }))

const BREAKING: Record<string, (contract: Contract) => void> = {
  'a path is gone': ({ paths }) => {
    delete paths['/api/runs/{run_id}/folds']
  },
  'an operation is gone': ({ paths }) => {
    delete paths['/api/jobs/{job_id}'].delete
  },
  'an operation has another id, by which clients name their method': ({ paths }) => {
    paths['/api/runs'].post.operationId = 'storeRun'
  },
  'a parameter is needed that was not there': ({ paths }) => {
    paths['/api/runs'].get.parameters.push({ in: 'query', name: 'owner', required: true, schema: { type: 'string' } })
  },
  'a parameter is gone': ({ paths }) => {
    const { get } = paths['/api/runs']
    get.parameters = get.parameters.filter(({ name }: { name?: string }) => name !== 'dataset_id')
  },
  'a parameter that could be left out is needed': ({ paths }) => {
    paths['/api/runs'].get.parameters.find(({ name }: { name?: string }) => name === 'dataset_id').required = true
  },
  'a member of a request is needed that could be left out': ({ components }) => {
    components.schemas.TokenRequest.required.push('name')
  },
  'a member of an answer is gone': ({ components }) => {
    delete components.schemas.RunReceipt.properties.folds_written
    components.schemas.RunReceipt.required = ['run_id']
  },
  'a member of an answer may be missing': ({ components }) => {
    components.schemas.RunReceipt.required = ['run_id']
  },
  'a member of a request may be less long': ({ components }) => {
    components.schemas.TokenRequest.properties.name.maxLength = 50
  },
  'a member is of another type': ({ components }) => {
    components.schemas.RunReceipt.properties.folds_written = { type: 'string' }
  },
  'a word of a request is no longer taken': ({ components }) => {
    components.schemas.ExportRequest.properties.format.enum = ['csv', 'json']
  },
  'a media type of a request is no longer taken': ({ paths }) => {
    delete paths['/api/questdb/import'].post.requestBody.content['text/csv']
  },
  'a media type of an answer is gone': ({ paths }) => {
    delete paths['/api/questdb/export'].post.responses['200'].content['application/vnd.apache.arrow.stream']
  },
  'an answer has another status': ({ paths }) => {
    const { responses } = paths['/api/auth/token'].post
    responses['200'] = responses['201']
    delete responses['201']
  },
}

/** Whether the changed document can take the place of the release, as `make compatibility` finds. */
function isCompatible(release: string, name: string, change: (contract: Contract) => void): Promise<boolean> {
  const contract = JSON.parse(current)
  change(contract)
  assert.is.not(JSON.stringify(contract), JSON.stringify(JSON.parse(current)), `nothing was changed: ${name}`)
  return diff(release, name, contract)
}

function diff(release: string, name: string, contract: Contract): Promise<boolean> {
  const path = join(folder, `${name.replaceAll(/\W+/g, '-')}.json`)
  writeFileSync(path, JSON.stringify(contract))
  const redocly = join(ROOT, 'node_modules/.bin/redocly')
  const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' }
  return new Promise((resolve, reject) => {
    execFile(redocly, ['diff', release, path, '--fail-on', 'major'], { cwd: RELEASES, env }, (error, out, err) => {
      if (!error) resolve(true)
      // Anything else that ends it is not what it was asked for.
      else if (error.code === 1 && /major|breaking/i.test(out + err)) resolve(false)
      else reject(new Error(`${name}: redocly has failed: ${out}${err}`))
    })
  })
}

for (const release of releases)
  test(`the contract can take the place of ${release}`, async () => {
    assert.is(await diff(release, 'as it is', JSON.parse(current)), true)
  })

for (const [what, change] of Object.entries(BREAKING))
  test(`it is found when ${what}`, async () => {
    assert.is(await isCompatible(releases.at(-1) as string, what, change), false)
  })

test('what a client can live with is let pass: a new operation, a new member of an answer, a new parameter that may be left out', async () => {
  const grown = (contract: Contract) => {
    const { paths, components } = contract
    paths['/api/archive'] = { get: { ...structuredClone(paths['/api/runs'].get), operationId: 'listArchive' } }
    components.schemas.RunReceipt.properties.archived = { type: 'boolean' }
    paths['/api/runs'].get.parameters.push({ in: 'query', name: 'owner', schema: { type: 'string' } })
  }
  assert.is(await isCompatible(releases.at(-1) as string, 'grown', grown), true)
})

test.run()
