/** Composition root: the only place that constructs engines and services, in the order in which they need each other. */
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join, resolve } from 'node:path'
import type { Document } from 'openapi-backend'
import { auditOperations } from './audit/operations.js'
import { AuditService } from './audit/service.js'
import { authOperations } from './auth/operations.js'
import { AuthService } from './auth/service.js'
import type { Config } from './config.js'
import { frameOperations } from './datasets/frame-operations.js'
import { DatasetFrames } from './datasets/frames.js'
import { datasetsOperations } from './datasets/operations.js'
import { DatasetRecording } from './datasets/recording.js'
import { DatasetService } from './datasets/service.js'
import { DOWNLOAD, DownloadFiles } from './downloads/files.js'
import { downloadsOperations } from './downloads/operations.js'
import { DownloadService } from './downloads/service.js'
import { DomainError } from './errors.js'
import { EventFeed } from './events/feed.js'
import { eventsOperations } from './events/operations.js'
import { EventService } from './events/service.js'
import { ArrowThread } from './exports/arrow-thread.js'
import { exportsOperations } from './exports/operations.js'
import { ExportService } from './exports/service.js'
import { admission } from './http/admission.js'
import { type Api, createApi } from './http/api.js'
import { createApplication } from './http/application.js'
import { bodyReader } from './http/body.js'
import type { Handlers } from './http/contract.js'
import { documentation } from './http/documentation.js'
import { JsonThread } from './http/json-thread.js'
import { limitsOf } from './http/request-limits.js'
import { listen } from './http/server.js'
import type { SharedCounts } from './http/shared-counts.js'
import { requestSignals } from './http/signals.js'
import { IdempotencyService } from './idempotency/service.js'
import { jobsOperations } from './jobs/operations.js'
import { JobRunner } from './jobs/runner.js'
import { JobService } from './jobs/service.js'
import type { Log } from './log.js'
import { measurementsOperations } from './measurements/operations.js'
import { QuestDbService } from './measurements/service.js'
import { Listener } from './postgres/listener.js'
import { NamedLocks } from './postgres/lock.js'
import { migrateWhenReachable } from './postgres/migrate.js'
import { createDatabase, createPool } from './postgres/pool.js'
import { QuestDbClient } from './questdb/client.js'
import { runsOperations } from './runs/operations.js'
import { RunPersistenceService } from './runs/service.js'
import { simulationsOperations } from './simulations/operations.js'
import { SimulationService } from './simulations/service.js'
import { FolderFiles } from './storage/folder-files.js'
import type { S3Bucket } from './storage/s3-bucket.js'
import { S3Files } from './storage/s3-files.js'
import { systemOperations } from './system/operations.js'
import { SystemService } from './system/service.js'
import { transfersOperations } from './transfers/operations.js'
import { sweepRelayFiles } from './transfers/relay-file.js'
import { TransferService } from './transfers/service.js'
import { BODY, Spool } from './transfers/spool.js'
import { uploadOperations } from './transfers/upload-operations.js'
import { WorkerPool } from './transfers/worker-pool.js'

export interface App {
  readonly url: string
  readonly api: Api
  /** Resolves when the database is migrated and the server takes requests; rejects when it never will. */
  readonly prepared: Promise<void>
  /** Lets running requests end, then closes everything; what has not ended after `server.drain_seconds` is answered that the server stops. */
  stop(): Promise<void>
}

const GENERATED = new URL('../generated/', import.meta.url)
const SWEEP_EVERY_MS = 60_000
const TOKEN_CHECK_EVERY_MS = 15_000

/**
 * Starts the server: it listens at once, and does its work as soon as PostgreSQL answers and is migrated. Every process has all services,
 * whatever its roles: who serves requests runs what a caller waits for, and who works the queue knows all kinds of jobs.
 */
export async function startApp(config: Config, log: Log): Promise<App> {
  const document = JSON.parse(readFileSync(new URL('openapi.json', GENERATED), 'utf8')) as Document

  const pool = createPool({
    url: config.postgres.url,
    size: config.postgres.pool_size,
    connectSeconds: config.postgres.connect_seconds,
    statementSeconds: config.postgres.statement_seconds,
    silentTransactionSeconds: 10,
    onIdleError: (error) => log.warn({ err: error }, 'a connection to PostgreSQL broke'),
  })
  const db = createDatabase(pool)
  const locks = new NamedLocks({
    url: config.postgres.url,
    size: 8,
    connectSeconds: config.postgres.connect_seconds,
    statementSeconds: Math.min(5, config.postgres.statement_seconds),
  })
  const listener = new Listener({
    url: config.postgres.url,
    connectSeconds: config.postgres.connect_seconds,
    onLost: (error) => log.warn({ err: error }, 'the connection that hears of events broke'),
  })
  const questdb = new QuestDbClient(config.questdb.url, { timeoutMs: config.questdb.timeout_seconds * 1000 })
  const spoolDir = resolve(config.transfers.spool_dir)
  const bucket = await bucketOf(config)
  const sharedFiles = (folder: string, suffix: string, prefix: string) =>
    bucket
      ? new S3Files(bucket, config.spool.s3_prefix + prefix, folder, (error) => log.warn({ err: error }, 'spool store'))
      : new FolderFiles(folder, suffix)
  const bodies = sharedFiles(spoolDir, BODY, 'bodies/')
  const downloadable = sharedFiles(join(spoolDir, 'downloads'), DOWNLOAD, 'downloads/')
  const spool = new Spool(bodies)
  const importDir = config.questdb.import_dir && resolve(config.questdb.import_dir)
  const workers = new WorkerPool(
    config.transfers.workers,
    { questdbUrl: config.questdb.url, questdbTimeoutMs: config.questdb.timeout_seconds * 1000, importDir },
    (sentence) => log.warn(sentence),
  )

  const auth = new AuthService(db, config.auth.shared_secret, (holder) =>
    log.warn(
      { token_id: holder.tokenId, token_name: holder.name },
      'token issued against the shared secret, a temporary way in',
    ),
  )
  const feed = new EventFeed({
    db,
    listener,
    onError: (error) => log.warn({ err: error }, 'no events could be read'),
  })
  const events = new EventService({
    db,
    feed,
    heartbeatSeconds: config.events.heartbeat_seconds,
    keepDays: config.events.keep_days,
  })
  const system = new SystemService(db, questdb, document.info.version, () => signals)
  const jobs = new JobService(db, {
    db,
    lease: { owner: randomUUID(), seconds: config.jobs.lease_seconds },
    retryHours: config.jobs.retry_hours,
    perToken: config.jobs.per_token,
    queuedPerToken: config.jobs.queued_per_token,
    keepDays: config.jobs.keep_days,
    largeAtATime: Math.max(1, config.jobs.concurrency - 1),
    listener,
    onError: (error, jobId) => log.error({ err: error, job_id: jobId }, 'a job failed unexpectedly'),
  })
  const runner = new JobRunner(jobs, {
    concurrency: config.jobs.concurrency,
    sweepSeconds: config.jobs.sweep_seconds,
    onError: (error) => log.warn({ err: error }, 'no job could be claimed'),
  })
  const files = new DownloadFiles(downloadable, config.exports.file_bytes)
  const downloads = new DownloadService({ db, files, hours: config.exports.hours })
  const measurements = new QuestDbService(questdb)
  const transfers = new TransferService({
    db,
    locks,
    questdb,
    spool,
    workers,
    jobs,
    downloads,
    uploadHours: config.transfers.upload_hours,
  })
  const arrow = new ArrowThread({
    questdbUrl: config.questdb.url,
    questdbTimeoutMs: config.questdb.timeout_seconds * 1000,
    folder: join(spoolDir, 'exports'),
    maxBytes: config.exports.file_bytes,
  })
  const exports = new ExportService({ questdb, arrow, jobs, downloads, jobSeconds: config.exports.job_seconds })
  const datasets = new DatasetService(db, measurements)
  const recording = new DatasetRecording({ datasets, transfers, jobs, questdb })
  const frames = new DatasetFrames(datasets, transfers, questdb)
  const runs = new RunPersistenceService({ db, datasets, transfers, jobs, questdb })
  const simulations = new SimulationService(db, datasets)

  const keys = new IdempotencyService({
    db,
    leaseSeconds: config.jobs.lease_seconds,
    keepHours: config.idempotency.keep_hours,
    onError: (error) => log.warn({ err: error }, 'the end of a request could not be written to its Idempotency-Key'),
  })

  const audit = new AuditService({
    db,
    keepDays: config.auth.audit_days,
    onError: (error) => log.error({ err: error }, 'the outcome of a request could not be written to the audit'),
  })

  const handlers: Handlers = {
    ...systemOperations(system),
    ...authOperations(auth, () => events.position()),
    ...auditOperations(audit),
    ...eventsOperations(events),
    ...jobsOperations(jobs),
    ...measurementsOperations(measurements, config.limits.request_seconds),
    ...downloadsOperations(downloads),
    ...exportsOperations(exports, config.limits.request_seconds),
    ...transfersOperations(transfers),
    ...uploadOperations(transfers),
    ...datasetsOperations(datasets, recording),
    ...frameOperations(frames),
    ...runsOperations(runs, config.limits.request_seconds),
    ...simulationsOperations(simulations),
  }

  const signals = requestSignals(config.limits)
  const { limits } = config
  const counts = await sharedCounts(limits.redis_url, log)
  const requestLimits = limitsOf(limits, counts)
  const json = new JsonThread()
  const api = await createApi({
    document,
    handlers,
    admission: admission({ enabled: config.auth.enable_auth, tokens: auth, ...requestLimits }),
    secretTries: requestLimits.secretTries,
    takePlace: requestLimits.takePlace,
    readBody: bodyReader(spool, json, {
      jsonBytes: limits.json_bytes,
      jsonValues: limits.json_values,
      frameBytes: limits.frame_bytes,
      slowSeconds: limits.slow_seconds,
    }),
    keys,
    audit,
    signalFor: signals.signalFor,
  })

  const koa = createApplication({
    config,
    log,
    api,
    signals,
    documentation: documentation(document, readGenerated('openapi.yaml'), readGenerated('docs.html')),
    byAddress: requestLimits.byAddress,
    spool,
  })
  const server = await listen(koa, { config, log, version: document.info.version })
  const { port } = server.address() as AddressInfo
  const { roles } = config.server
  const url = `http://${config.server.host.includes(':') ? `[${config.server.host}]` : config.server.host}:${port}`
  let sweep: NodeJS.Timeout | undefined
  let tokenCheck: NodeJS.Timeout | undefined
  const closeStreamsOfEndedTokens = async () => {
    try {
      const open = signals.openTokens()
      signals.closeOthers(await auth.liveAmong(open), open)
    } catch (err) {
      log.warn({ err }, 'it could not be seen which tokens have ended')
    }
  }
  const prepare = async () => {
    await mkdir(spoolDir, { recursive: true, mode: 0o700 })
    await Promise.all([bodies.start(), downloadable.start()])
    const migrated = await migrateWhenReachable(db, {
      onWaiting: (error) => log.warn({ err: error }, 'waiting for PostgreSQL'),
      givenUp: () => signals.draining,
    })
    if (!migrated) return
    if (migrated.length > 0) log.info({ migrations: migrated }, 'database migrated')
    listener.start()
    feed.start()
    signals.open()
    log.info({ url, roles, version: document.info.version }, 'ready')
    tokenCheck = setInterval(closeStreamsOfEndedTokens, TOKEN_CHECK_EVERY_MS)
    const isWorker = roles.includes('worker')
    if (isWorker) runner.start()
    const sweepLeftovers = () =>
      Promise.all([
        bodies.sweepHere(),
        downloadable.sweepHere(),
        ...(isWorker ? [transfers, downloads, events, jobs, keys, auth, audit].map((area) => area.sweep()) : []),
        isWorker && importDir && sweepRelayFiles(importDir),
      ]).catch((err: unknown) => log.warn({ err }, 'the sweep of leftovers failed'))
    sweep = setInterval(sweepLeftovers, SWEEP_EVERY_MS)
    await sweepLeftovers()
  }
  const prepared = prepare()
  prepared.catch(() => {})

  let stopping: Promise<void> | undefined
  const stop = async () => {
    clearInterval(sweep)
    clearInterval(tokenCheck)
    server.close()
    server.closeIdleConnections()
    const drained = signals.drain(
      config.server.drain_seconds * 1000,
      new DomainError('DRAINING', 'the server is stopping; try again shortly'),
    )
    await runner.stop()
    await drained
    server.closeAllConnections()
    await workers.close()
    await Promise.all([arrow.close(), json.close()])
    await Promise.all([bodies.stop(), downloadable.stop()])
    bucket?.close()
    counts?.close()
    await questdb.close()
    await feed.stop()
    await listener.close()
    await locks.close()
    await db.destroy()
    log.info('stopped')
  }
  return { url, api, prepared, stop: () => (stopping ??= stop()) }
}

/** The bucket that all processes share; undefined where they share the folder of the spool, and need not load the client of S3. */
async function bucketOf({ spool }: Config): Promise<S3Bucket | undefined> {
  if (spool.s3_bucket === '') return undefined
  const { S3Bucket } = await import('./storage/s3-bucket.js')
  return new S3Bucket({
    bucket: spool.s3_bucket,
    endpoint: spool.s3_endpoint,
    region: spool.s3_region,
    accessKey: spool.s3_access_key,
    secretKey: spool.s3_secret_key,
    pathStyle: spool.s3_path_style,
  })
}

/** What all processes count together in Redis; undefined where each counts alone, and need not load the client of Redis. */
async function sharedCounts(url: string, log: Log): Promise<SharedCounts | undefined> {
  if (url === '') return undefined
  const { SharedCounts } = await import('./http/shared-counts.js')
  return new SharedCounts(url, (error) => log.warn({ err: error }, 'Redis is away; this process counts requests alone'))
}

function readGenerated(name: string): Buffer {
  try {
    return readFileSync(new URL(name, GENERATED))
  } catch (cause) {
    throw new Error(`generated/${name} is missing: run \`make build\``, { cause })
  }
}
