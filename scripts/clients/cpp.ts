/** The C++ client: generated from the contract, compiled, and tried by a program that does what a desktop does. */
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { EngineHome } from '../engines/engine-home.js'
import { requireJava } from '../engines/java.js'
import { mavenJar } from '../engines/maven-jar.js'
import { ROOT } from '../root.js'
import { exists, programPath, run } from './command.js'
import { installPackages } from './system-packages.js'
import type { Trial } from './trial.js'

const GENERATOR = {
  name: 'openapi-generator 7.25.0',
  artifact: 'org.openapitools:openapi-generator-cli:7.25.0',
  fileName: 'openapi-generator-cli-7.25.0.jar',
  sha256: '41ce4f6b07f196676439d710759fa1ced7a08066d06ff1bf314681470289efae',
  folder: 'openapi-generator',
}
const SOURCES = join(ROOT, 'clients/cpp')
const SETTINGS = join(SOURCES, 'generator.json')
const CONTRACT = join(ROOT, 'generated/openapi.json')
const OUT = join(ROOT, '.cache/client-cpp')
const GENERATED = join(OUT, 'generated')
const GENERATED_FROM = join(OUT, 'generated-from')
const COMPILED_AT_ONCE = 2

export const cpp: Trial = {
  name: 'cpp',
  build: async (signal) => {
    await installMissing(signal)
    await generate(signal)
    const args = ['--no-print-directory', `--directory=${SOURCES}`, `--jobs=${COMPILED_AT_ONCE}`, `OUT=${OUT}`]
    await run('make', args, { signal })
  },
  test: ({ url, secret }, signal) => {
    const env = { STAGE1_URL: url, STAGE1_AUTH_SHARED_SECRET: secret }
    return run(join(OUT, 'desktop'), [join(ROOT, 'fixtures/stage1_3/run_312_full_synthetic.json')], { env, signal })
  },
}

async function installMissing(signal: AbortSignal): Promise<void> {
  const programs = Object.entries({ 'g++': 'g++', make: 'make', mvn: 'maven', java: 'openjdk-17-jre-headless' })
  const headers = Object.entries({
    '/usr/include/cpprest/http_client.h': 'libcpprest-dev',
    '/usr/include/boost/uuid/random_generator.hpp': 'libboost-dev',
    '/usr/include/openssl/ssl.h': 'libssl-dev',
  })
  const missing = [
    ...programs.filter(([program]) => !programPath(program)),
    ...headers.filter(([header]) => !exists(header)),
  ].map(([, name]) => name)
  if (missing.length > 0) await installPackages(missing, signal)
}

/** Files that come out as before keep their time, so that they are not compiled again. */
async function generate(signal: AbortSignal): Promise<void> {
  const from = digestOf(GENERATOR.sha256, readFileSync(SETTINGS), readFileSync(CONTRACT))
  if (exists(GENERATED_FROM) && readFileSync(GENERATED_FROM, 'utf8') === from) return
  const jar = await generatorJar()
  mkdirSync(OUT, { recursive: true })
  // The generator's check holds that the body of a link must be text, which OpenAPI does not ask for.
  const args = ['generate', '-c', SETTINGS, '-i', CONTRACT, '-o', GENERATED, '--minimal-update', '--skip-validate-spec']
  await run('java', ['-Dlog.level=error', '-jar', jar, ...args], { signal })
  writeFileSync(GENERATED_FROM, from)
}

async function generatorJar(): Promise<string> {
  await requireJava()
  const home = new EngineHome()
  try {
    return await mavenJar(GENERATOR, home, console.log)
  } finally {
    await home.close()
  }
}

function digestOf(...parts: readonly (string | Buffer)[]): string {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest('hex')
}
