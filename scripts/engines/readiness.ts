import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { EngineError } from './engine-error.js'
import type { Running } from './engine-home.js'

const LIMIT_MS = 60_000
const ASK_AGAIN_MS = 50
const ASK_TIMEOUT_MS = 2_000

export interface Wait {
  url: string
  /** The program behind the URL, where it was started here. */
  program?: Running
  /** Gives up when aborted. */
  signal: AbortSignal
}

/** Returns when the PostgreSQL server at the URL answers a query. */
export function waitForPostgres(wait: Wait): Promise<void> {
  return waitForAnswer('PostgreSQL', askPostgres, wait)
}

/** Returns when the QuestDB server at the URL answers a query. */
export function waitForQuestdb(wait: Wait): Promise<void> {
  return waitForAnswer('QuestDB', askQuestdb, wait)
}

async function waitForAnswer(name: string, ask: (url: string) => Promise<void>, wait: Wait): Promise<void> {
  const deadline = Date.now() + LIMIT_MS
  for (;;) {
    const failure = await failureOf(ask, wait.url)
    if (failure === undefined) return
    if (wait.signal.aborted) throw new EngineError(`${name} was stopped before it answered a query.`)
    if (wait.program?.hasEnded()) throw new EngineError(`${name} ended before it answered a query.${lastWords(wait)}`)
    if (Date.now() > deadline) {
      const limit = `${LIMIT_MS / 1000} s`
      throw new EngineError(`${name} did not answer a query within ${limit}: ${failure}.${lastWords(wait)}`)
    }
    await delay(ASK_AGAIN_MS)
  }
}

async function failureOf(ask: (url: string) => Promise<void>, url: string): Promise<string | undefined> {
  try {
    await ask(url)
    return undefined
  } catch (error) {
    return deepestMessage(error)
  }
}

/** `fetch` says only "fetch failed" and hides the reason in the error's cause. */
function deepestMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause === undefined ? error.message || error.name : deepestMessage(error.cause)
}

async function askPostgres(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: ASK_TIMEOUT_MS })
  client.on('error', () => undefined) // a connection that breaks later must not end the process
  try {
    await client.connect()
    await client.query('select 1')
  } finally {
    await client.end()
  }
}

async function askQuestdb(url: string): Promise<void> {
  const target = new URL('/exec?query=select%201', url)
  const credentials = `${decodeURIComponent(target.username)}:${decodeURIComponent(target.password)}`
  target.username = ''
  target.password = ''
  const response = await fetch(target, {
    headers: { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` },
    signal: AbortSignal.timeout(ASK_TIMEOUT_MS),
  })
  const body = await response.text()
  if (!response.ok) throw new Error(`HTTP status ${response.status}: ${body.slice(0, 200)}`)
}

function lastWords({ program }: Wait): string {
  return program === undefined ? '' : ` The last lines of its log:\n${program.lastLines()}`
}
