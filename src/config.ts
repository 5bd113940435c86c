/**
 * Every setting once: its key (`auth.enable_auth`), its default, its check and one line of help. The environment name
 * follows from the key (`STAGE1_AUTH_ENABLE_AUTH`) unless the setting says another one. Sources, later ones win: defaults,
 * the JSON file that `STAGE1_CONFIG` names, the environment. A setting that nobody knows, or a bad value, stops the start
 * with its name.
 */
import { readFileSync } from 'node:fs'
import { z } from 'zod'

/** What stops the start: a list of sentences, one a setting. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'))
  }
}

const text = (fallback: string, help: string) => z.string().default(fallback).describe(help)
const secret = (help: string) => z.string().default('').describe(help).meta({ secret: true })
const flag = (fallback: boolean, help: string) =>
  z.preprocess(boolFromText, z.boolean()).default(fallback).describe(help)
const whole = (fallback: number, min: number, max: number, help: string) =>
  z.preprocess(numberFromText, z.int().min(min).max(max)).default(fallback).describe(help)
const list = (fallback: string[], help: string) =>
  z.preprocess(listFromText, z.array(z.string())).default(fallback).describe(help)
const url = (fallback: string, protocols: RegExp, help: string) =>
  z
    .url({ protocol: protocols, error: `must be a URL like ${fallback}` })
    .default(fallback)
    .describe(help)
    .meta({ secret: true })

const WHICH_ROLES = 'must be api, worker, or both with a comma between them'

const SECTIONS = {
  server: {
    host: text('127.0.0.1', 'Address to listen on'),
    port: whole(8080, 0, 65535, 'Port to listen on; 0 takes a free one'),
    drain_seconds: whole(10, 0, 300, 'How long running requests may take to end when the server stops'),
    roles: z
      .preprocess(listFromText, z.array(z.enum(['api', 'worker'], WHICH_ROLES)).min(1, WHICH_ROLES))
      .default(['api', 'worker'])
      .describe('What this process does: `api` takes requests, `worker` runs queued jobs and clears away leftovers')
      .meta({ env: 'STAGE1_ROLES' }),
    trust_proxy: flag(false, 'Believe X-Forwarded-For and X-Forwarded-Proto; only behind a proxy that sets them'),
    proxies: whole(1, 1, 10, 'How many proxies in a row add to X-Forwarded-For, where it is believed'),
    max_connections: whole(10_000, 1, 1_000_000, 'Connections that may be open; more are closed at once'),
  },
  postgres: {
    url: url('postgres://postgres@127.0.0.1:5432/stage1', /^postgres(ql)?$/, 'PostgreSQL, with credentials'),
    pool_size: whole(10, 2, 200, 'Connections for statements'),
    connect_seconds: whole(3, 1, 60, 'Longest wait for a connection'),
    statement_seconds: whole(15, 1, 600, 'Longest time a statement may take'),
  },
  questdb: {
    url: url('http://127.0.0.1:9000', /^https?$/, 'QuestDB HTTP, with credentials if it has any'),
    timeout_seconds: whole(60, 1, 3600, 'Time limit of a query'),
    import_dir: text(
      '',
      'Folder from which QuestDB reads files (its `cairo.sql.copy.root`); frames go through it then, faster than over HTTP',
    ),
  },
  auth: {
    enable_auth: flag(true, 'Ask for a token'),
    open_to_network: flag(false, 'Insist on auth.enable_auth=false where others than this machine reach the server'),
    shared_secret: secret(
      'Secret against which tokens are issued; at least 32 characters, and not one that was published',
    ),
    audit_days: whole(365, 1, 3650, 'How long it is kept who has written what'),
  },
  cors: {
    origins: list(['https://agenticresearch.info'], 'Web origins that may call this server, comma-separated'),
  },
  limits: {
    request_seconds: whole(60, 1, 3600, 'Time limit of a request; `?timeout=` may ask for another one'),
    max_request_seconds: whole(600, 1, 3600, 'The most that `?timeout=` may ask for'),
    transfer_seconds: whole(900, 1, 86400, 'Time limit of a request that carries a frame'),
    slow_seconds: whole(
      10,
      1,
      600,
      'After this long with less than 1000 bytes a second a body, or an answer that waits to be taken, is cut off',
    ),
    json_bytes: whole(16 << 20, 1024, 1 << 30, 'Largest JSON body, frames not counted'),
    json_values: whole(500_000, 1000, 100_000_000, 'Most members and items in a JSON body, frames not counted'),
    frame_bytes: whole(2 ** 31, 1024, 2 ** 40, 'Largest body of the append, import, save-run and save-dataset routes'),
    address_per_minute: whole(6000, 1, 10_000_000, 'Requests a minute from one address'),
    token_per_minute: whole(12_000, 1, 10_000_000, 'Requests a minute with one token'),
    writing_per_minute: whole(6000, 1, 10_000_000, 'Of those, requests that write'),
    heavy_per_minute: whole(1200, 1, 10_000_000, 'Of those, imports, uploads, exports and queries'),
    exports_at_once: whole(8, 1, 10_000, 'Exports of one token that are sent at the same time, jobs not counted'),
    queries_at_once: whole(5, 1, 10_000, 'Queries of one token that run at the same time'),
    streams_at_once: whole(100, 1, 100_000, 'Streams of events of one token that are open at the same time'),
    secret_tries_per_minute: whole(10, 1, 10_000, 'Wrong tries a minute at the shared secret from one address'),
    all_secret_tries_per_minute: whole(
      100,
      1,
      100_000,
      'Wrong tries a minute at the shared secret from all addresses together; then no token is issued until the minute is over',
    ),
    redis_url: z
      .union([z.literal(''), z.url({ protocol: /^rediss?$/, error: 'must be a URL like redis://127.0.0.1:6379' })])
      .default('')
      .describe('Redis in which all processes count requests together; each counts alone when empty')
      .meta({ secret: true }),
  },
  transfers: {
    spool_dir: text('var/spool', 'Folder where bodies wait until they are loaded, and files until they are downloaded'),
    upload_hours: whole(24, 1, 24 * 30, 'How long an upload waits to be used'),
    workers: whole(2, 1, 64, 'Threads that decode and load frames'),
  },
  spool: {
    s3_bucket: text('', 'Bucket of an S3-compatible store through which processes share the files of the spool'),
    s3_endpoint: z
      .union([z.literal(''), z.url({ protocol: /^https?$/, error: 'must be a URL like https://s3.example.com' })])
      .default('')
      .describe('URL of the store; AWS when empty'),
    s3_region: text('us-east-1', 'Region of the bucket'),
    s3_access_key: secret('Access key of the store'),
    s3_secret_key: secret('Secret key of the store'),
    s3_path_style: flag(true, 'The bucket stands in the path of URLs, not in the name of the host'),
    s3_prefix: text('stage1/', 'How the keys of all objects begin'),
  },
  exports: {
    hours: whole(
      24,
      1,
      24 * 30,
      'How long the file of an export job, or of rows left out of an import, waits to be downloaded',
    ),
    file_bytes: whole(2 ** 36, 1024, 2 ** 44, 'Largest file of an export job'),
    job_seconds: whole(3600, 1, 86400, 'Time limit of an export job'),
  },
  idempotency: {
    keep_hours: whole(24, 1, 24 * 30, 'How long the answer to a request with an Idempotency-Key is kept'),
  },
  jobs: {
    concurrency: whole(2, 1, 64, 'Queued jobs that run at the same time'),
    lease_seconds: whole(
      15,
      2,
      600,
      'After this long without a heartbeat a job, or a request with an Idempotency-Key, counts as abandoned',
    ),
    sweep_seconds: whole(5, 1, 600, 'How often abandoned jobs are looked for'),
    retry_hours: whole(24, 1, 24 * 30, 'How long what a failed job needs is kept, so that it can be tried again'),
    per_token: whole(
      4,
      0,
      10_000,
      'Jobs of one token that run at the same time, on all servers together; 0 for any number',
    ),
    queued_per_token: whole(1000, 0, 1_000_000, 'Jobs of one token that may wait; 0 for any number'),
    keep_days: whole(30, 1, 3650, 'How long jobs that have ended are kept'),
  },
  events: {
    keep_days: whole(7, 1, 3650, 'How long events can be read again'),
    heartbeat_seconds: whole(15, 1, 300, 'How often a stream of events without any says that it stands'),
  },
  log: {
    level: z
      .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
      .default('info')
      .describe('Least level that is logged'),
  },
} as const

type Sections = typeof SECTIONS
export type Config = { readonly [S in keyof Sections]: { readonly [K in keyof Sections[S]]: z.output<Sections[S][K]> } }

/** Names that begin like ours but belong to the clients, the tests or the start itself. */
const NOT_SETTINGS = /^STAGE1_(CONFIG|API_BASE_URL|API_TOKEN|TEST_\w+)$/

/**
 * Reads the settings from the file that `STAGE1_CONFIG` names and from the environment.
 * @throws ConfigError naming every setting that is unknown or bad
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const problems: string[] = []
  const given = fromFile(env.STAGE1_CONFIG, problems)
  const known = new Map(settings().map((s) => [s.env, s]))
  for (const [name, value] of Object.entries(env)) {
    if (!name.startsWith('STAGE1_') || NOT_SETTINGS.test(name) || value === undefined) continue
    const setting = known.get(name)
    if (setting) given.set(setting.key, { value, from: name })
    else problems.push(`${name}: no such setting`)
  }

  const config: Record<string, Record<string, unknown>> = {}
  for (const { key, section, name, check } of settings()) {
    const source = given.get(key)
    const result = check.safeParse(source?.value)
    if (result.success) config[section] = { ...config[section], [name]: result.data }
    else problems.push(`${source?.from ?? key}: ${result.error.issues.map((issue) => issue.message).join('; ')}`)
  }
  const checked = config as unknown as Config
  if (problems.length === 0) problems.push(...contradictions(checked))
  if (problems.length > 0) throw new ConfigError(problems)
  return checked
}

/** Every setting, for the help text, the docs and the redaction of secrets. */
export function settings(): {
  key: string
  env: string
  section: string
  name: string
  help: string
  check: z.ZodType
}[] {
  return Object.entries(SECTIONS).flatMap(([section, entries]) =>
    Object.entries(entries as Record<string, z.ZodType>).map(([name, check]) => ({
      key: `${section}.${name}`,
      env: (check.meta()?.env as string | undefined) ?? `STAGE1_${section}_${name}`.toUpperCase(),
      section,
      name,
      help: check.description ?? '',
      check,
    })),
  )
}

function contradictions({ server, auth, limits, spool }: Config): string[] {
  const found: string[] = []
  const asksForTokens = server.roles.includes('api') && auth.enable_auth
  if (asksForTokens && auth.shared_secret.length < 32)
    found.push('STAGE1_AUTH_SHARED_SECRET: must have at least 32 characters while auth.enable_auth is on')
  else if (asksForTokens && isEasilyGuessed(auth.shared_secret))
    found.push('STAGE1_AUTH_SHARED_SECRET: is one that anybody may guess; make one with `openssl rand -base64 36`')
  if (server.roles.includes('api') && !auth.enable_auth && !auth.open_to_network && !isLoopback(server.host))
    found.push(
      `STAGE1_AUTH_ENABLE_AUTH: may be off on a loopback address only, and server.host is ${server.host}; set auth.open_to_network to insist`,
    )
  if (limits.request_seconds > limits.max_request_seconds)
    found.push('STAGE1_LIMITS_REQUEST_SECONDS: must not be over limits.max_request_seconds')
  const store = ['s3_bucket', 's3_access_key', 's3_secret_key'] as const
  const missing = store.filter((name) => spool[name] === '')
  if (spool.s3_endpoint !== '' || missing.length < store.length)
    for (const name of missing)
      found.push(`STAGE1_SPOOL_${name.toUpperCase()}: must be set where the spool is in an S3-compatible store`)
  return found
}

/** Examples of documents, few different characters, or a short piece over and over. */
function isEasilyGuessed(secret: string): boolean {
  return (
    /change.?me|example|password|secret.?secret|0123456789.*0123456789/i.test(secret) ||
    new Set(secret).size < 10 ||
    /^(.{1,16})\1+$/.test(secret)
  )
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host)
}

function fromFile(path: string | undefined, problems: string[]): Map<string, { value: unknown; from: string }> {
  const given = new Map<string, { value: unknown; from: string }>()
  if (!path) return given
  const known = new Set(settings().map((s) => s.key))
  for (const [section, entries] of Object.entries(readJson(path))) {
    if (typeof entries !== 'object' || entries === null) {
      problems.push(`${path}: ${section}: no such setting`)
      continue
    }
    for (const [name, value] of Object.entries(entries)) {
      const key = `${section}.${name}`
      if (known.has(key)) given.set(key, { value, from: `${path}: ${key}` })
      else problems.push(`${path}: ${key}: no such setting`)
    }
  }
  return given
}

function readJson(path: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(readFileSync(path, 'utf8'))
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed))
      return parsed as Record<string, unknown>
    throw new Error('must hold an object')
  } catch (error) {
    throw new ConfigError([`STAGE1_CONFIG: ${path}: ${(error as Error).message}`])
  }
}

function boolFromText(value: unknown): unknown {
  return value === 'true' || value === '1' ? true : value === 'false' || value === '0' ? false : value
}

function numberFromText(value: unknown): unknown {
  return typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value
}

function listFromText(value: unknown): unknown {
  return typeof value === 'string'
    ? value
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== '')
    : value
}
