/** Requests a minute, counted by two servers together in Redis. */
import { setTimeout as sleep } from 'node:timers/promises'
import * as assert from 'uvu/assert'
import { startProxy } from '../../support/cutting-proxy.js'
import { ownEngines } from '../../support/engines.js'
import { eventually } from '../../support/eventually.js'
import type { Problem } from '../../support/imports.js'
import { startRedisServer } from '../../support/redis-server.js'
import { type Received, SHARED_SECRET, startServer, type TestServer } from '../../support/server.js'
import { test } from '../../support/test.js'

const [engines, redis] = await Promise.all([ownEngines(), startRedisServer()])
const proxy = await startProxy(redis.url)
const settings = {
  STAGE1_LIMITS_REDIS_URL: proxy.url,
  STAGE1_LIMITS_ADDRESS_PER_MINUTE: '6',
  STAGE1_LIMITS_TOKEN_PER_MINUTE: '4',
  STAGE1_LIMITS_SECRET_TRIES_PER_MINUTE: '2',
  // Behind a proxy that is trusted, a test can be at any address.
  STAGE1_SERVER_TRUST_PROXY: 'true',
}
const one = await startServer({ engines, settings })
const other = await startServer({ engines, settings })
test.after(async () => {
  await Promise.all([one.stop(), other.stop()])
  await proxy.stop()
  await redis.stop()
  await engines.release()
})

const addresses = { count: 0 }
const newAddress = () => `10.1.0.${++addresses.count}`

/** A request from the address, without a token. */
function asks(server: TestServer, address: string): Promise<Received> {
  return server.get('/api/jobs', { headers: { 'x-forwarded-for': address, 'x-stage1-token': '' } })
}

async function statuses(address: string, ...servers: TestServer[]): Promise<number[]> {
  const found: number[] = []
  for (const server of servers) found.push((await asks(server, address)).status)
  return found
}

const awayLines = (server: TestServer) => server.log().split('Redis is away').length - 1
/** Both count together: what one was asked, the other knows. */
const bothCount = () =>
  eventually('both count together', async () => {
    const address = newAddress()
    await statuses(address, one, one, other, other, one, one)
    return (await asks(other, address)).status === 429
  })

// A count that Redis is slow to make, on a busy machine, each server makes alone: these tests are repeated then, for somebody new.

test('an address has its requests wherever it sends them, and is told the same by both when they are used up', async () => {
  await eventually('it has six', async () => {
    const address = newAddress()
    assert.equal(await statuses(address, one, other, one, other, one, other), Array(6).fill(401))
    for (const server of [one, other]) {
      const refused = await asks(server, address)
      const { code, details } = refused.json as Problem
      assert.equal([refused.status, code, details.limit], [429, 'RATE_LIMITED', 6])
      const after = Number(refused.headers.get('retry-after'))
      assert.ok(after >= 1 && after <= 60, `Retry-After: ${after}`)
      assert.is(refused.headers.get('x-ratelimit-remaining'), '0')
      assert.match(refused.headers.get('x-ratelimit-reset') ?? '', /^\d{10}$/)
    }
    assert.equal(await statuses(newAddress(), one, other), [401, 401], 'another address has its own')
    return true
  })
})

test('tries at the secret and requests with a token are counted together too, and apart from each other', async () => {
  await eventually('they are counted', async () => {
    const address = newAddress()
    const guess = (server: TestServer, secret: string, from = address) =>
      server.post('/api/auth/token', { secret }, { headers: { 'x-forwarded-for': from } })
    const wrong = 'x'.repeat(32)
    const tries = [await guess(one, wrong), await guess(other, wrong), await guess(one, wrong)]
    assert.equal(
      tries.map(({ status }) => status),
      [401, 401, 429],
    )
    const { token } = (await guess(one, SHARED_SECRET, newAddress())).json as { token: string }
    const used: number[] = []
    for (const server of [one, other, one, other, one]) {
      const headers = { 'x-forwarded-for': newAddress(), 'x-stage1-token': token }
      used.push((await server.get('/api/jobs', { headers })).status)
    }
    assert.equal(used, [200, 200, 200, 200, 429])
    return true
  })
})

test('while Redis is away each server counts alone, says so once, and joins in again', async () => {
  await bothCount()
  const [before, otherBefore] = [awayLines(one), awayLines(other)]
  await proxy.cut()
  const address = newAddress()
  const six = Array(6).fill(one)
  assert.equal(await statuses(address, ...six, one), [...Array(6).fill(401), 429])
  assert.equal(await statuses(address, other), [401])
  await eventually('both have said so', () => awayLines(one) > before && awayLines(other) > otherBefore)
  // Two more attempts to connect.
  await sleep(2500)
  assert.equal([awayLines(one), awayLines(other)], [before + 1, otherBefore + 1])
  await proxy.restore()
  await bothCount()
})

test('a Redis that hangs refuses nobody', async () => {
  await bothCount()
  proxy.freeze()
  const address = newAddress()
  assert.equal(await statuses(address, ...Array(6).fill(one), one), [...Array(6).fill(401), 429])
  await proxy.restore()
  await bothCount()
})

test('counts leave Redis by themselves', async () => {
  for (const key of await redis.redis.keys('*')) {
    assert.match(key, /^stage1:(address|token|secret|all_secrets):/)
    const left = await redis.redis.pttl(key)
    assert.ok(left > 0 && left <= 60_000, `${key}: ${left}`)
  }
})

test.run()
