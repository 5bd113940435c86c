import { createHash } from 'node:crypto'
import { createReadStream, existsSync, mkdirSync, mkdtempSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { ROOT } from '../root.js'
import { EngineError } from './engine-error.js'
import type { EngineHome } from './engine-home.js'

const VERSION = '9.3.4'
const SHA256 = '939bc53ab22f93dbaa6545143a6e7c536d4904c07b7f2d381e8eef10436be062'
const JAR_NAME = `questdb-${VERSION}.jar`
const CACHE_FOLDER = join(ROOT, '.cache/questdb')
const MAVEN_GOAL = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy'

/** The path of QuestDB's jar, which is fetched with Maven when it isn't in the cache folder yet. */
export async function questdbJar(home: EngineHome, log: (line: string) => void): Promise<string> {
  const jar = join(CACHE_FOLDER, JAR_NAME)
  if (!existsSync(jar)) {
    log(`fetching QuestDB ${VERSION} with Maven`)
    await fetchJar(home, jar)
  }
  return jar
}

/** The jar appears under its name only when it is whole and right, however the download ends. */
async function fetchJar(home: EngineHome, jar: string): Promise<void> {
  mkdirSync(CACHE_FOLDER, { recursive: true })
  const download = mkdtempSync(join(CACHE_FOLDER, 'download-'))
  try {
    await copyFromMaven(home, download)
    await requireRightSum(join(download, JAR_NAME))
    await rename(join(download, JAR_NAME), jar)
  } finally {
    await rm(download, { recursive: true, force: true })
  }
}

async function copyFromMaven(home: EngineHome, folder: string): Promise<void> {
  const artifact = `org.questdb:questdb:${VERSION}`
  const args = ['-q', '-B', MAVEN_GOAL, `-Dartifact=${artifact}`, `-DoutputDirectory=${folder}`]
  const maven = home.launch({ name: 'maven', command: 'mvn', args })
  const exitCode = await maven.exitCode
  if (exitCode === 0) return
  if (maven.isMissing()) throw new EngineError('Maven is missing: install the package maven.')
  throw new EngineError(`Maven could not fetch ${artifact}:\n${maven.lastLines()}`)
}

async function requireRightSum(file: string): Promise<void> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  const sum = hash.digest('hex')
  if (sum === SHA256) return
  await rm(file)
  throw new EngineError(`The download of ${JAR_NAME} has the SHA-256 sum ${sum} instead of ${SHA256} and was deleted.`)
}
