/** The TypeScript client: compiled as its users get it, then tried in Node by its tests, and in a browser. */
import { join } from 'node:path'
import { freePorts } from '../engines/free-ports.js'
import { ROOT } from '../root.js'
import { originOf } from './browser/pages.js'
import { tryInBrowser } from './browser/trial.js'
import { programPath, run } from './command.js'
import { installPackages } from './system-packages.js'
import type { Trial } from './trial.js'

const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome']

/** The trial of it. */
export async function typescript(): Promise<Trial> {
  const [allowed, refused] = (await freePorts(2)) as [number, number]
  return {
    name: 'typescript',
    settings: { STAGE1_CORS_ORIGINS: originOf(allowed) },
    async build(signal) {
      const tsc = join(ROOT, 'node_modules/typescript/bin/tsc')
      await run(process.execPath, [tsc, '-p', 'clients/typescript'], { cwd: ROOT, signal })
      await browserProgram(signal)
    },
    async test(server, signal) {
      const tests = join(ROOT, '.cache/compiled/scripts/run-tests.js')
      await run(process.execPath, ['--enable-source-maps', tests, 'test/clients/'], { cwd: ROOT, signal })
      await tryInBrowser(server, [allowed, refused], await browserProgram(signal), signal)
    },
  }
}

/** The browser's program. */
async function browserProgram(signal: AbortSignal): Promise<string> {
  const found = BROWSERS.map(programPath).find((path) => path !== undefined)
  if (found !== undefined) return found
  await installPackages(['chromium'], signal)
  return programPath('chromium') ?? 'chromium'
}
