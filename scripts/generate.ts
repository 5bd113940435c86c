/**
 * Makes generated/ from spec/v1: the bundled document, the types, and the SQL of every repository function. With `--check`
 * it writes nothing and fails when what is checked in differs from what would be made.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import openapiTS, { astToString } from 'openapi-typescript'
import { stringify } from 'yaml'
import { withAnswerHeaders } from './answer-headers.js'
import { errorCatalogue } from './error-catalogue.js'
import { addErrorExamples } from './error-examples.js'
import { repositorySql } from './repository-sql.js'
import { ROOT } from './root.js'

const HEADER = '/** Made from spec/v1 by `make generate`; do not edit. */\n'

async function main(): Promise<void> {
  const files = await generate()
  if (process.argv.includes('--check')) return check(files)
  for (const [name, content] of files) {
    const path = join(ROOT, 'generated', name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, content)
  }
  console.log(`generated/: ${files.size} files written`)
}

async function generate(): Promise<Map<string, string>> {
  const document = bundle()
  const types = astToString(await openapiTS(JSON.parse(document)))
  // The server fills in what has a default; whoever sends a request may leave it out.
  const clientTypes = astToString(await openapiTS(JSON.parse(document), { defaultNonNullable: false }))
  const sql = await repositorySql()
  return new Map([
    ['openapi.json', document],
    ['openapi.yaml', stringify(JSON.parse(document))],
    ['api.ts', HEADER + types],
    ['client-api.ts', HEADER + clientTypes],
    ...[...sql].map(([area, text]): [string, string] => [`sql/${area}.sql`, text]),
  ])
}

function bundle(): string {
  const folder = mkdtempSync(join(tmpdir(), 'stage1-bundle-'))
  try {
    const output = join(folder, 'openapi.json')
    const redocly = join(ROOT, 'node_modules/.bin/redocly')
    const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' }
    execFileSync(redocly, ['bundle', 'spec/v1/openapi.yaml', '--output', output], {
      cwd: ROOT,
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    const document = withAnswerHeaders(JSON.parse(readFileSync(output, 'utf8')))
    explainErrors(document.tags)
    addErrorExamples(document)
    return `${JSON.stringify(document, null, 2)}\n`
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Adds the catalogue of codes to the tag that stands for it. */
function explainErrors(tags: { readonly name: string; description: string }[]): void {
  const errors = tags.find(({ name }) => name === 'errors')
  if (!errors) throw new Error('spec/v1 has no tag "errors"')
  errors.description = `${errors.description}\n\n${errorCatalogue()}`
}

function check(files: ReadonlyMap<string, string>): void {
  const stale = [...files]
    .filter(([name, content]) => read(join(ROOT, 'generated', name)) !== content)
    .map(([name]) => name)
  const orphans = readdirSync(join(ROOT, 'generated/sql')).filter((name) => !files.has(`sql/${name}`))
  if (stale.length + orphans.length === 0) return
  console.error(`generated/ differs from its sources: ${[...stale, ...orphans].join(', ')}; run \`make generate\``)
  process.exitCode = 1
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

await main()
