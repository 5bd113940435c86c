/**
 * Server and engines in the foreground, until Ctrl-C. The engines are new and empty and vanish at the end, but for those that
 * STAGE1_POSTGRES_URL or STAGE1_QUESTDB_URL name. Every other setting of the environment reaches the server.
 */
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:net'
import { type Config, ConfigError, loadConfig } from '../src/config.js'
import { ServerError, ServerProcess } from './demo/server-process.js'
import { removeLeftovers } from './engines/leftovers.js'
import { EngineError, type Engines, settingsOf, startEngines } from './engines.js'
import { interruptController } from './interrupt.js'

/** From the least line to the gravest. */
const LEVELS: readonly string[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']
/** What the console shows unless STAGE1_LOG_LEVEL says otherwise; the log file has every request. */
const SHOWN_LEVEL = process.env.STAGE1_LOG_LEVEL ?? 'warn'
const SECRET_GIVEN = Boolean(process.env.STAGE1_AUTH_SHARED_SECRET || process.env.STAGE1_CONFIG)

async function main(): Promise<number> {
  const interrupt = interruptController()
  process.stdout.on('error', () => interrupt.abort()) // nobody reads on, as behind a pipe into `head`
  try {
    await run(interrupt.signal)
    return 0
  } catch (error) {
    if (interrupt.signal.aborted) return 0
    console.error(explanation(error))
    return 1
  }
}

async function run(signal: AbortSignal): Promise<void> {
  const secret = SECRET_GIVEN ? undefined : randomBytes(32).toString('base64url')
  const own = secret === undefined ? {} : { STAGE1_AUTH_SHARED_SECRET: secret }
  const config = loadConfig({ ...process.env, ...own })
  await removeLeftovers(console.log) // first, as a server that was left behind holds the port
  await requireFreePort(config.server)
  console.log('Starting …')
  const engines = await startEngines({ log: console.log, signal })
  try {
    const settings = { ...own, ...settingsFor(engines, config) }
    const server = await ServerProcess.start({ settings, onLine: showLine, signal })
    try {
      console.log(welcome(server, config, secret))
      const exitCode = await Promise.race([server.ended, aborted(signal)])
      if (exitCode !== undefined)
        throw new ServerError(`The server ended, exit code ${exitCode}. The end of its log:\n${server.lastLines()}`)
      console.log('\nStopping …')
    } finally {
      await server.stop()
    }
  } finally {
    await engines.stop()
  }
}

async function requireFreePort({ host, port }: Config['server']): Promise<void> {
  const probe = createServer()
  const code = await new Promise<string | undefined>((resolve) => {
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    probe.listen(port, host, () => probe.close(() => resolve(undefined)))
  })
  if (code === undefined) return
  throw new ServerError(
    code === 'EADDRINUSE'
      ? `Port ${port} of ${host} is taken. Choose another one: STAGE1_SERVER_PORT=${port + 1} make up`
      : `The server can't listen on port ${port} of ${host}: ${code}. Set STAGE1_SERVER_PORT or STAGE1_SERVER_HOST.`,
  )
}

function settingsFor(engines: Engines, config: Config): Record<string, string> {
  // A database that stays may remember bodies which wait in the spool, so that must stay too.
  const keepsSpool = Boolean(process.env.STAGE1_POSTGRES_URL || process.env.STAGE1_TRANSFERS_SPOOL_DIR)
  return {
    ...settingsOf(engines),
    // The line that tells of readiness is an `info`.
    STAGE1_LOG_LEVEL: rank(SHOWN_LEVEL) < rank('info') ? SHOWN_LEVEL : 'info',
    ...(keepsSpool ? { STAGE1_TRANSFERS_SPOOL_DIR: config.transfers.spool_dir } : {}),
  }
}

function welcome({ url, logFile }: ServerProcess, config: Config, secret: string | undefined): string {
  const hint = rank(SHOWN_LEVEL) > rank('info') ? '; STAGE1_LOG_LEVEL=info make up shows every request' : ''
  return `
Server     ${url}
API docs   ${url}/api/docs
Contract   ${url}/api/openapi.json
Log        ${logFile}
           (${SHOWN_LEVEL} and graver is shown here too${hint})

${config.auth.enable_auth ? howToGetToken(url, secret) : `No token is asked for:\n\n  curl -sS ${url}/api/datasets`}

${dataNote()} Ctrl-C stops it.
`
}

function howToGetToken(url: string, secret: string | undefined): string {
  const shown = secret ?? (process.env.STAGE1_AUTH_SHARED_SECRET ? `'"$STAGE1_AUTH_SHARED_SECRET"'` : '…')
  return `${secret === undefined ? 'Get a token' : 'Get a token (the secret was made for this start only)'} and use it:

  TOKEN=$(curl -sS ${url}/api/auth/token -H 'Content-Type: application/json' \\
    -d '{"secret": "${shown}"}' | node -p 'JSON.parse(fs.readFileSync(0)).token')
  curl -sS ${url}/api/datasets -H "X-Stage1-Token: $TOKEN"`
}

function dataNote(): string {
  const given = [
    ...(process.env.STAGE1_POSTGRES_URL ? ['PostgreSQL'] : []),
    ...(process.env.STAGE1_QUESTDB_URL ? ['QuestDB'] : []),
  ]
  if (given.length === 2) return 'The data is in the engines that were given, and stays there.'
  const rest = given.length === 1 ? `, but for what is in the ${given[0]} that was given` : ''
  return `The data is new and empty, and gone when this ends${rest}.`
}

/** A line of the server's log for a person: time, level, message, and the rest as JSON. */
function showLine(line: string): void {
  try {
    const { level, time, service: _, msg, err, ...rest } = JSON.parse(line) as Record<string, string>
    if (rank(level ?? '') < rank(SHOWN_LEVEL)) return
    const more = Object.keys(rest).length > 0 ? JSON.stringify(rest) : ''
    console.log(`${time?.slice(11, 19)} ${level} ${msg} ${more}`)
    const stack = (err as unknown as { stack?: string } | undefined)?.stack
    if (stack) console.log(stack.replaceAll(/^/gm, '  '))
  } catch {
    console.log(line)
  }
}

function rank(level: string): number {
  return LEVELS.indexOf(level)
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined)
    signal.addEventListener('abort', () => resolve(undefined), { once: true })
  })
}

function explanation(error: unknown): unknown {
  if (error instanceof ConfigError) return error.problems.map((problem) => `bad setting: ${problem}`).join('\n')
  return error instanceof EngineError || error instanceof ServerError ? error.message : error
}

process.exit(await main())
