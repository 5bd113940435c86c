/** Packages of the system that a client is compiled with or runs in. */
import { CommandError, programPath, run } from './command.js'

/** Installs them with apt-get. @throws CommandError where that is not there or this user may not */
export async function installPackages(packages: readonly string[], signal: AbortSignal): Promise<void> {
  if (!programPath('apt-get') || process.getuid?.() !== 0)
    throw new CommandError(`Install these packages of Debian, or what your system calls them: ${packages.join(' ')}`)
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  await run('apt-get', ['update', '--quiet=2'], { env, signal })
  await run('apt-get', ['install', '--yes', '--quiet=2', '--no-install-recommends', ...packages], { env, signal })
}
