/** Imports through this server against the other ways into QuestDB, with the same rows, until they are readable. */
import { createReadStream, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { request } from 'undici'
import { dropTable } from '../../src/questdb/tables.js'
import { ownEngines } from '../support/engines.js'
import { SHARED_SECRET, TestClient, testEnvironment } from '../support/server.js'
import { type ServerProcess, startProcess } from '../support/server-process.js'
import { median, report } from './figures.js'
import { type BenchFrame, batchesOf, benchFrames, type Format, writeFrame } from './frames.js'
import { encoded, imp, officialSender, type Peer, prepare, replay } from './peers.js'

const ROWS = Number(process.env.ROWS ?? 1_000_000)
const ROUNDS = Number(process.env.ROUNDS ?? 3)
const SENDER_SHARE = 10
const MEMORY_MB = 150
const EVENT_LOOP_MS = 100
const MEDIA: Readonly<Record<Format, string>> = {
  csv: 'text/csv',
  arrow: 'application/vnd.apache.arrow.stream',
  parquet: 'application/vnd.apache.parquet',
}

const GOALS: Readonly<Record<string, readonly (readonly [peer: string, ratio: number])[]>> = {
  'arrow in, as lines': [
    ['line protocol replayed', 0.7],
    ['official Sender', 7],
  ],
  'arrow in, as files': [
    ['line protocol replayed', 1.4],
    ['official Sender', 15],
  ],
  'csv in, as lines': [['/imp', 1]],
  'csv in, as files': [['/imp', 1]],
  'parquet in, as lines': [['line protocol replayed', 0.5]],
  'parquet in, as files': [['line protocol replayed', 0.5]],
}

interface Taken {
  readonly rowsPerSecond: number
  /** Processor time outside QuestDB. */
  readonly cpuSeconds: number
}

const engines = await ownEngines()
const folder = mkdtempSync(join(tmpdir(), 'stage1-bench-'))
const peer: Peer = { client: engines.questdb, url: engines.questdbUrl }

/** The two ways of large frames from this server into QuestDB. */
const LANES = { lines: '', files: process.env.STAGE1_QUESTDB_IMPORT_DIR ?? '' } as const
type Lane = keyof typeof LANES

interface Server extends ServerProcess {
  readonly token: string
  readonly eventLoopFile: string
}
const servers = { lines: await start('lines'), files: await start('files') }
let tables = 0

try {
  let growth = 0
  for (const frame of benchFrames(ROWS)) growth = Math.max(growth, await compare(frame))
  report('memory of a server', `grew by ${growth.toFixed(0)} MB at most`, {
    text: `≤ ${MEMORY_MB} MB`,
    held: growth <= MEMORY_MB,
  })
  for (const [lane, server] of Object.entries(servers)) {
    await server.terminate()
    const late = Number(readFileSync(server.eventLoopFile, 'utf8'))
    report(`event loop, p99.9 (${lane})`, `${late.toFixed(0)} ms late`, {
      text: `≤ ${EVENT_LOOP_MS} ms`,
      held: late <= EVENT_LOOP_MS,
    })
  }
} finally {
  await Promise.all(Object.values(servers).map((server) => server.kill()))
  await engines.release()
  rmSync(folder, { recursive: true, force: true })
}

async function start(lane: Lane): Promise<Server> {
  const eventLoopFile = join(folder, `event-loop-${lane}`)
  const server = await startProcess({
    ...testEnvironment(engines, join(folder, `spool-${lane}`)),
    STAGE1_QUESTDB_IMPORT_DIR: LANES[lane],
    BENCH_EVENT_LOOP_FILE: eventLoopFile,
    NODE_OPTIONS: `--import ${new URL('./event-loop-delay.js', import.meta.url).href}`,
  })
  const issued = await new TestClient(server.url, '').post('/api/auth/token', { secret: SHARED_SECRET })
  return { ...server, token: (issued.json as { token: string }).token, eventLoopFile }
}

/** Measures all ways with one frame, each once a round so that what disturbs one disturbs all; returns the growth of memory. */
async function compare(frame: BenchFrame): Promise<number> {
  console.log(`  ${frame.rows} × ${frame.columns.length} ${frame.name}`)
  const files = { csv: '', arrow: '', parquet: '' }
  for (const format of Object.keys(files) as Format[]) files[format] = await writeFrame(frame, format, folder)
  const takes = new Map<string, Taken[]>()
  const note = (way: string, taken: Taken) => takes.set(way, [...(takes.get(way) ?? []), taken])
  let growth = 0
  // One more round goes before the others, to warm up.
  for (let round = 0; round <= ROUNDS; round++) {
    const measured: [string, Taken][] = [
      ['line protocol replayed', await replayed(frame)],
      ['official Sender', await sent(frame)],
      ['/imp', await ownTable(frame, frame.rows, (table) => imp(peer, table, files.csv))],
    ]
    for (const format of ['arrow', 'csv', 'parquet'] as const) {
      for (const lane of ['lines', 'files'] as const) {
        const { taken, grewMb } = await imported(servers[lane], frame, format, files[format])
        growth = Math.max(growth, grewMb)
        measured.push([`${format} in, as ${lane}`, taken])
      }
    }
    if (round > 0) for (const [way, taken] of measured) note(way, taken)
  }
  print(takes)
  for (const path of Object.values(files)) rmSync(path)
  return growth
}

function print(takes: ReadonlyMap<string, readonly Taken[]>): void {
  const speedOf = (way: string) => median((takes.get(way) ?? []).map(({ rowsPerSecond }) => rowsPerSecond))
  for (const [way, taken] of takes) {
    const speeds = taken.map(({ rowsPerSecond }) => rowsPerSecond / 1000)
    const cpu = median(taken.map(({ cpuSeconds }) => cpuSeconds)).toFixed(1)
    const range = `${Math.min(...speeds).toFixed(0)}–${Math.max(...speeds).toFixed(0)}`
    const figures = `${median(speeds).toFixed(0)} k rows/s (${range}), ${cpu} CPU s`
    const against = GOALS[way]
    if (!against) console.log(`    ${way.padEnd(42)} ${figures}`)
    for (const [other, goal] of against ?? []) {
      const ratio = speedOf(way) / speedOf(other)
      report(`  ${way}`, figures, { text: `≥ ${goal} × ${other}, is ${ratio.toFixed(2)}`, held: ratio >= goal })
    }
  }
}

/** Encodes outside the measured time: the anchor is what QuestDB can take. */
async function replayed(frame: BenchFrame): Promise<Taken> {
  const name = nextTable()
  const pieces = encoded(name, frame)
  return ownTable(frame, frame.rows, (table) => replay(peer, table, pieces), name)
}

/** A tenth of the rows, since it takes ten times as long. */
function sent(frame: BenchFrame): Promise<Taken> {
  const some = { ...frame, rows: Math.ceil(frame.rows / SENDER_SHARE) }
  const batches = [...batchesOf(some)]
  return ownTable(some, some.rows, (table) => officialSender(peer, table, batches))
}

async function ownTable(
  frame: BenchFrame,
  rows: number,
  load: (table: string) => Promise<void>,
  table = nextTable(),
): Promise<Taken> {
  await prepare(peer, table, frame)
  const cpuBefore = process.cpuUsage()
  const taken = await timed(rows, () => load(table))
  const { user, system } = process.cpuUsage(cpuBefore)
  await requireRows(table, rows)
  return { rowsPerSecond: taken, cpuSeconds: (user + system) / 1e6 }
}

async function imported(
  server: Server,
  frame: BenchFrame,
  format: Format,
  path: string,
): Promise<{ taken: Taken; grewMb: number }> {
  const measurement = nextTable()
  const memoryBefore = residentMb(server)
  const cpuBefore = cpuSeconds(server)
  let peak = memoryBefore
  const watch = setInterval(() => {
    peak = Math.max(peak, residentMb(server))
  }, 50)
  const rowsPerSecond = await timed(frame.rows, async () => {
    const answer = await request(`${server.url}/api/questdb/import?measurement=${measurement}`, {
      method: 'POST',
      headers: { 'content-type': MEDIA[format], 'x-stage1-token': server.token },
      body: createReadStream(path, { highWaterMark: 256 * 1024 }),
      headersTimeout: 120_000,
    })
    const text = await answer.body.text()
    if (answer.statusCode !== 200) throw new Error(`${answer.statusCode}: ${text}`)
  }).finally(() => clearInterval(watch))
  const taken = { rowsPerSecond, cpuSeconds: cpuSeconds(server) - cpuBefore }
  await requireRows(measurement, frame.rows)
  return { taken, grewMb: peak - memoryBefore }
}

async function timed(rows: number, work: () => Promise<void>): Promise<number> {
  const started = performance.now()
  await work()
  return (rows / (performance.now() - started)) * 1000
}

async function requireRows(table: string, rows: number): Promise<void> {
  const { dataset } = await engines.questdb.exec(`SELECT count() FROM ${table}`)
  if (Number(dataset[0]?.[0]) !== rows) throw new Error(`${table} has ${dataset[0]?.[0]} rows instead of ${rows}`)
  await dropTable(engines.questdb, table)
}

function nextTable(): string {
  tables += 1
  return `${engines.prefix}frame${String(tables).padStart(4, '0')}`
}

function residentMb(server: Server): number {
  const [, kb] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8')) ?? []
  return Number(kb) / 1024
}

/** User and system time of this server's process; Linux counts in hundredths of a second. */
function cpuSeconds(server: Server): number {
  const fields = readFileSync(`/proc/${server.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / 100
}
