import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { EngineError } from './engine-error.js'

const run = promisify(execFile)
const OLDEST = 17
const REMEDY = 'install the package openjdk-17-jre-headless'

/** Fails with a sentence that names the remedy when `java` is missing or too old for QuestDB. */
export async function requireJava(): Promise<void> {
  const version = await javaVersion()
  const major = Number(/version "(\d+)/.exec(version)?.[1]) // Java 8 and older call themselves 1.x
  if (major < OLDEST) throw new EngineError(`Java ${major} is too old, QuestDB needs ${OLDEST} or newer: ${REMEDY}.`)
}

async function javaVersion(): Promise<string> {
  try {
    return (await run('java', ['-version'])).stderr
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new EngineError(`Java is missing: ${REMEDY}.`)
    throw error
  }
}
