/** The process: settings, start, signals, exit codes (0 stopped, 1 failed to start, 2 bad settings). */
import { startApp } from './app.js'
import { ConfigError, loadConfig } from './config.js'
import { createLog } from './log.js'

async function main(): Promise<void> {
  const config = settingsOrExit()
  const log = createLog(config.log.level)
  process.on('unhandledRejection', (error) => log.error({ err: error }, 'unhandled rejection'))
  try {
    const app = await startApp(config, log)
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, async () => {
        log.info({ signal }, 'stopping')
        await app.stop()
        process.exit(0)
      })
    }
    await app.prepared
  } catch (error) {
    log.fatal({ err: error }, 'the server could not start')
    process.exit(1)
  }
}

function settingsOrExit() {
  try {
    return loadConfig(process.env)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    for (const problem of error.problems) console.error(`bad setting: ${problem}`)
    process.exit(2)
  }
}

await main()
