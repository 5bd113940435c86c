/** A whole server in this process, on engines of the file's own, and a client that holds each answer to the contract. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { type App, startApp } from '../../src/app.js'
import { type Config, loadConfig } from '../../src/config.js'
import { createLog } from '../../src/log.js'
import { contractBreach } from './contract.js'
import { type OwnEngines, ownEngines } from './engines.js'
import { requireNoSecret } from './secrets-in-logs.js'

export const SHARED_SECRET = 'a-shared-secret-for-the-tests-0123456789'

export interface TestServer extends TestClient {
  readonly app: App
  readonly engines: OwnEngines
  readonly token: string
  readonly spoolDir: string
  /** Everything logged so far. */
  log(): string
  stop(): Promise<void>
}

export interface ServerOptions {
  /** Settings by environment name, e.g. STAGE1_LIMITS_JSON_BYTES. */
  readonly settings?: Readonly<Record<string, string>>
  /** Other URLs than those of the file's own engines, e.g. a proxy that cuts. */
  readonly questdbUrl?: string
  readonly postgresUrl?: string
  /** Engines that the caller has made and will release itself. */
  readonly engines?: OwnEngines
}

/** Starts a server with a token; `stop` ends it and removes what it stored. */
export async function startServer(options: ServerOptions = {}): Promise<TestServer> {
  const engines = options.engines ?? (await ownEngines())
  const spoolDir = mkdtempSync(join(tmpdir(), 'stage1-test-spool-'))
  const { lines, stream } = captured()
  const app = await startApp(testConfig(engines, spoolDir, options), createLog('debug', stream))
  await app.prepared
  const anonymous = new TestClient(app.url, '')
  const issued = await anonymous.send('POST', '/api/auth/token', { json: { secret: SHARED_SECRET, name: 'tests' } })
  const { token } = issued.json as { token: string }
  const client = new TestClient(app.url, token)
  return Object.assign(client, {
    app,
    engines,
    token,
    spoolDir,
    log: () => lines.join(''),
    async stop() {
      await app.stop()
      if (!options.engines) await engines.release()
      rmSync(spoolDir, { recursive: true, force: true })
      requireNoSecret(lines.join(''), [SHARED_SECRET, options.settings?.STAGE1_AUTH_SHARED_SECRET])
    },
  })
}

export function testConfig(engines: OwnEngines, spoolDir: string, options: ServerOptions = {}): Config {
  return loadConfig(testEnvironment(engines, spoolDir, options))
}

export function testEnvironment(
  engines: OwnEngines,
  spoolDir: string,
  options: ServerOptions = {},
): Record<string, string> {
  return {
    STAGE1_SERVER_PORT: '0',
    STAGE1_POSTGRES_URL: options.postgresUrl ?? engines.postgresUrl,
    STAGE1_QUESTDB_URL: options.questdbUrl ?? engines.questdbUrl,
    STAGE1_QUESTDB_IMPORT_DIR: process.env.STAGE1_QUESTDB_IMPORT_DIR ?? '',
    STAGE1_AUTH_SHARED_SECRET: SHARED_SECRET,
    STAGE1_TRANSFERS_SPOOL_DIR: spoolDir,
    STAGE1_TRANSFERS_WORKERS: '1',
    STAGE1_LIMITS_SECRET_TRIES_PER_MINUTE: '1000',
    // A test file does with one token what nobody else does.
    STAGE1_LIMITS_WRITING_PER_MINUTE: '1000000',
    STAGE1_LIMITS_HEAVY_PER_MINUTE: '1000000',
    STAGE1_LIMITS_EXPORTS_AT_ONCE: '100',
    STAGE1_LIMITS_QUERIES_AT_ONCE: '100',
    STAGE1_LIMITS_STREAMS_AT_ONCE: '10000',
    ...options.settings,
  }
}

export interface SendOptions {
  readonly json?: unknown
  /** A body as it is, with its media type. */
  readonly body?: string | Uint8Array
  readonly media?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
  /** For answers that the contract can't describe. */
  readonly unchecked?: boolean
}

export interface Received {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly json: unknown
}

export class TestClient {
  constructor(
    readonly url: string,
    private readonly ownToken: string,
  ) {}

  /** Sends a request and reads the whole answer; fails when the answer breaks the contract. */
  async send(method: string, path: string, options: SendOptions = {}): Promise<Received> {
    const body = options.json === undefined ? options.body : JSON.stringify(options.json)
    const response = await fetch(this.url + path, {
      method,
      headers: {
        'content-type': options.media ?? 'application/json',
        ...(this.ownToken ? { 'x-stage1-token': this.ownToken } : {}),
        ...options.headers,
      },
      ...(body === undefined ? {} : { body: body as never }),
      ...(options.signal ? { signal: options.signal } : {}),
    })
    const text = await response.text()
    const media = (response.headers.get('content-type') ?? '').split(';')[0] as string
    const json = /json$/.test(media) && text !== '' ? (JSON.parse(text) as unknown) : undefined
    if (!options.unchecked) {
      const breach = contractBreach(method, path, { status: response.status, media, json })
      if (breach) throw new Error(`${breach}\n${text.slice(0, 1000)}`)
    }
    return { status: response.status, headers: response.headers, text, json }
  }

  get(path: string, options?: SendOptions): Promise<Received> {
    return this.send('GET', path, options)
  }

  post(path: string, json: unknown, options: SendOptions = {}): Promise<Received> {
    return this.send('POST', path, { ...options, json })
  }
}

function captured(): { lines: string[]; stream: Writable } {
  const lines: string[] = []
  const stream = new Writable({
    write(chunk, _, done) {
      lines.push(String(chunk))
      done()
    },
  })
  return { lines, stream }
}
