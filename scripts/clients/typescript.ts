/** The TypeScript client: compiled as its users get it. It is tried in Node by `make test`. */
import { join } from 'node:path'
import { ROOT } from '../root.js'
import { run } from './command.js'
import type { Trial } from './trial.js'

export const typescript: Trial = {
  name: 'typescript',
  build: (signal) =>
    run(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', 'clients/typescript'], {
      cwd: ROOT,
      signal,
    }),
  test: async () => {},
}
