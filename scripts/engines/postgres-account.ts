import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { EngineError } from './engine-error.js'
import type { Account } from './engine-home.js'

const run = promisify(execFile)
const USER = 'postgres'

/** The system user to run PostgreSQL as: root may not, so for root it is `postgres`, made when absent. */
export async function postgresAccount(): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined
  return (await findAccount()) ?? (await createAccount())
}

async function findAccount(): Promise<Account | undefined> {
  try {
    const [uid, gid] = await Promise.all(
      ['-u', '-g'].map(async (flag) => Number((await run('id', [flag, USER])).stdout)),
    )
    return { uid: uid!, gid: gid! }
  } catch {
    return undefined // `id` fails for an unknown user
  }
}

async function createAccount(): Promise<Account> {
  try {
    await run('useradd', ['--system', '--user-group', '--shell', '/usr/sbin/nologin', USER])
  } catch (error) {
    // Another start may have made it at the same moment.
    const account = await findAccount()
    if (account !== undefined) return account
    throw new EngineError(`PostgreSQL does not run as root, and the user ${USER} could not be made: ${String(error)}`)
  }
  const account = await findAccount()
  if (account === undefined) throw new EngineError(`The user ${USER} was made but is not found.`)
  return account
}
