/**
 * Whether the time of an answer tells how near a guess was: guesses at the shared secret and at a token that share all but the end with the right one,
 * against guesses that share nothing, in random turn. Welch's t over both; chance alone stays below 4.5.
 */
import { newToken, tokenOf } from '../../src/auth/token.js'
import { SHARED_SECRET, startServer } from '../support/server.js'
import { median, report } from './figures.js'

const GUESSES = 10_000
const SIGNIFICANT = 4.5
/** Slower answers tell of the machine, not of the guess; they are left out of both alike. */
const KEPT = 0.95

const server = await startServer({
  settings: {
    STAGE1_LIMITS_ADDRESS_PER_MINUTE: '10000000',
    STAGE1_LIMITS_SECRET_TRIES_PER_MINUTE: '10000',
    STAGE1_LIMITS_ALL_SECRET_TRIES_PER_MINUTE: '100000',
    STAGE1_SERVER_TRUST_PROXY: 'true',
    STAGE1_LOG_LEVEL: 'fatal',
  },
})
try {
  const far = SHARED_SECRET.replace(/./g, (letter) => (letter === 'x' ? 'y' : 'x'))
  const near = `${SHARED_SECRET.slice(0, -1)}!`
  let count = 0
  await compare('POST /api/auth/token', 401, [near, far], (secret) => [
    'POST',
    '/api/auth/token',
    // From another address now and then, as each has only so many tries.
    { 'content-type': 'application/json', 'x-forwarded-for': `10.0.0.${Math.floor(count++ / 5000)}` },
    JSON.stringify({ secret }),
  ])
  // Well-formed, so that both are looked up.
  await compare('a token that is none', 401, [nearToken(server.token), newToken()], (token) => [
    'GET',
    '/api/jobs',
    { 'x-stage1-token': token },
    undefined,
  ])
} finally {
  await server.stop()
}

type Guess = [method: string, path: string, headers: Record<string, string>, body: string | undefined]

async function compare(
  what: string,
  status: number,
  guesses: readonly [near: string, far: string],
  request: (guess: string) => Guess,
): Promise<void> {
  const times: [number[], number[]] = [[], []]
  const turns = Array.from({ length: 2 * GUESSES }, (_, i) => i % 2)
  for (let i = turns.length - 1; i > 0; i--) {
    const other = Math.floor(Math.random() * (i + 1))
    const [a, b] = [turns[i] as number, turns[other] as number]
    turns[i] = b
    turns[other] = a
  }
  for (const turn of turns) {
    const [method, path, headers, body] = request(guesses[turn] as string)
    const began = performance.now()
    const answer = await fetch(server.url + path, { method, headers, ...(body === undefined ? {} : { body }) })
    await answer.arrayBuffer()
    const took = performance.now() - began
    if (answer.status !== status) throw new Error(`${what} answered ${answer.status}`)
    times[turn as 0 | 1].push(took)
  }
  const highest = [...times[0], ...times[1]].sort((a, b) => a - b)[Math.floor(2 * GUESSES * KEPT)] as number
  const [close, distant] = times.map((list) => list.filter((ms) => ms <= highest)) as [number[], number[]]
  const t = welch(close, distant)
  const figures = `near ${(median(close) * 1000).toFixed(0)} µs, far ${(median(distant) * 1000).toFixed(0)} µs, t = ${t.toFixed(2)}`
  report(`${what}, ${GUESSES} near and far`, figures, {
    text: `|t| < ${SIGNIFICANT}`,
    held: Math.abs(t) < SIGNIFICANT,
  })
}

/** A well-formed token whose random part differs from this one's in the last letter alone. */
function nearToken(token: string): string {
  const last = token[33] === 'a' ? 'b' : 'a'
  return tokenOf(token.slice(4, 33) + last)
}

function welch(a: readonly number[], b: readonly number[]): number {
  const [one, other] = [a, b].map((list) => {
    const mean = list.reduce((sum, ms) => sum + ms, 0) / list.length
    const variance = list.reduce((sum, ms) => sum + (ms - mean) ** 2, 0) / (list.length - 1)
    return { mean, error: variance / list.length }
  }) as [{ mean: number; error: number }, { mean: number; error: number }]
  return (one.mean - other.mean) / Math.sqrt(one.error + other.error)
}
