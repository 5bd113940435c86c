/** The Python client: what the contract says is generated into it, then it is tried by its tests. */
import { copyFileSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../root.js'
import { exists, run } from './command.js'
import type { Trial } from './trial.js'

const SOURCES = join(ROOT, 'clients/python')
const PACKAGES = join(SOURCES, 'requirements.txt')
const VENV = join(ROOT, '.cache/client-python')
const INSTALLED = join(VENV, 'requirements.txt')

export const python: Trial = {
  name: 'python',
  async build(signal) {
    await installPackages(signal)
    const from = ['--path', join(ROOT, 'generated/openapi.json'), '--config', join(SOURCES, 'generator.yaml')]
    const to = ['--meta', 'none', '--output-path', join(SOURCES, 'stage1/api'), '--overwrite']
    await run(program('openapi-python-client'), ['generate', ...from, ...to], { signal })
    await run(program('ruff'), ['check', '--no-cache', '--quiet', '.'], { cwd: SOURCES, signal })
    await run(program('ruff'), ['format', '--no-cache', '--quiet', '--check', '.'], { cwd: SOURCES, signal })
    // As a user installs it: what is generated must be part of the package.
    await run(program('pip'), [...QUIET, 'install', '--no-deps', '--no-build-isolation', SOURCES], { signal })
  },
  test: ({ url, secret }, signal) => {
    const env = { STAGE1_URL: url, STAGE1_AUTH_SHARED_SECRET: secret }
    const args = ['--quiet', '--tb=short', '-p', 'no:cacheprovider', '--import-mode=importlib', 'tests']
    // Not as `python -m pytest`, which would find the sources in the folder before the package that is installed.
    return run(program('pytest'), args, { cwd: SOURCES, env, signal })
  },
}

const QUIET = ['--quiet', '--disable-pip-version-check']

/** Anew only when they have changed. */
async function installPackages(signal: AbortSignal): Promise<void> {
  if (exists(INSTALLED) && readFileSync(INSTALLED, 'utf8') === readFileSync(PACKAGES, 'utf8')) return
  rmSync(VENV, { recursive: true, force: true })
  await run('python3', ['-m', 'venv', VENV], { signal })
  await run(program('pip'), [...QUIET, 'install', '--requirement', PACKAGES], { signal })
  copyFileSync(PACKAGES, INSTALLED)
}

function program(name: string): string {
  return join(VENV, 'bin', name)
}
