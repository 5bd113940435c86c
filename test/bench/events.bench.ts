/** Six thousand streams of events in one process: its memory while they are open, and how long one event takes to reach a thousand. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ownEngines } from '../support/engines.js'
import { eventually } from '../support/eventually.js'
import { SHARED_SECRET, TestClient, testEnvironment } from '../support/server.js'
import { startProcess } from '../support/server-process.js'
import { asAdmin } from '../support/template.js'
import { report } from './figures.js'

const IDLE = 5_000
const ACTIVE = 1_000
const ROUNDS = 20
/** What the requests themselves have left is collected by then. */
const SETTLED_MS = 20_000
const GOAL_MB = 300
const GOAL_MS = 150

const engines = await ownEngines()
const spoolDir = mkdtempSync(join(tmpdir(), 'stage1-bench-spool-'))
const settings = { STAGE1_LIMITS_ADDRESS_PER_MINUTE: '1000000', STAGE1_LIMITS_TOKEN_PER_MINUTE: '1000000' }
const server = await startProcess(testEnvironment(engines, spoolDir, { settings }))
const ended: (() => void)[] = []
try {
  const issued = await new TestClient(server.url, '').post('/api/auth/token', { secret: SHARED_SECRET, name: 'bench' })
  const { token } = issued.json as { token: string }
  const alone = residentMb()
  let heard: number[] = []
  const listening = (topic: string, hear: () => void) => openStream(server.url, token, topic, hear)
  for (let i = 0; i < IDLE + ACTIVE; i += 100)
    await Promise.all(
      Array.from({ length: 100 }, (_, k) => {
        const active = i + k < ACTIVE
        return listening(active ? 'runs' : 'datasets', () => active && heard.push(performance.now()))
      }),
    )
  const slowest: number[] = []
  const middle: number[] = []
  await asAdmin(engines.postgresUrl, async (admin) => {
    for (let round = 0; round < ROUNDS; round++) {
      heard = []
      const began = performance.now()
      await admin.query(`with e as (insert into stage1_events (topic, type, subject, data)
        values ('runs', 'run.saved', 'x', jsonb_build_object('pad', repeat('x', 100))) returning event_id)
        select pg_notify('stage1_events', '') from e`)
      await eventually('all have heard', () => heard.length === ACTIVE)
      const late = heard.map((at) => at - began).sort((a, b) => a - b)
      middle.push(late[ACTIVE / 2] as number)
      slowest.push(late[Math.floor(ACTIVE * 0.99)] as number)
      await sleep(50)
    }
  })
  const opened = residentMb()
  await sleep(SETTLED_MS)
  const resident = residentMb()
  const typical = (figures: number[]) => figures.sort((a, b) => a - b)[ROUNDS / 2] as number
  report(
    `${IDLE} idle and ${ACTIVE} active streams`,
    `${alone.toFixed(0)} → ${opened.toFixed(0)}, then ${resident.toFixed(0)} MB`,
    {
      text: `< ${GOAL_MB} MB`,
      held: resident < GOAL_MB,
    },
  )
  const p99 = typical(slowest)
  report(`one event to ${ACTIVE} of them`, `p50 ${typical(middle).toFixed(0)} ms, p99 ${p99.toFixed(0)} ms`, {
    text: `p99 < ${GOAL_MS} ms`,
    held: p99 < GOAL_MS,
  })
} finally {
  for (const end of ended) end()
  await server.terminate()
  await engines.release()
  rmSync(spoolDir, { recursive: true, force: true })
}

/** Resolves with the first line; `hear` is called for every event. */
async function openStream(url: string, token: string, topic: string, hear: () => void): Promise<void> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  ended.push(() => socket.destroy())
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject)
    socket.setEncoding('latin1').on('data', (text: string) => {
      if (text.includes(': events follow')) resolve()
      if (text.includes('event: ')) hear()
    })
    socket.write(`GET /api/events?topics=${topic} HTTP/1.1\r\nHost: x\r\nX-Stage1-Token: ${token}\r\n\r\n`)
  })
}

function residentMb(): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))?.[1]) / 1024
}
