import { createHash } from 'node:crypto'
import { createReadStream, existsSync, mkdirSync, mkdtempSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { ROOT } from '../root.js'
import { EngineError } from './engine-error.js'
import type { EngineHome } from './engine-home.js'

const MAVEN_GOAL = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy'

/** A program that comes as one jar from a Maven repository. */
export interface MavenJar {
  /** What messages call it. */
  readonly name: string
  /** group:artifact:version, or group:artifact:version:jar:classifier. */
  readonly artifact: string
  readonly fileName: string
  readonly sha256: string
  /** Below .cache/. */
  readonly folder: string
}

/** The path of the jar, which is fetched with Maven when it isn't in the cache folder yet. */
export async function mavenJar(wanted: MavenJar, home: EngineHome, log: (line: string) => void): Promise<string> {
  const jar = join(ROOT, '.cache', wanted.folder, wanted.fileName)
  if (!existsSync(jar)) {
    log(`fetching ${wanted.name} with Maven`)
    await fetchJar(wanted, home, jar)
  }
  return jar
}

/** The jar appears under its name only when it is whole and right, however the download ends. */
async function fetchJar(wanted: MavenJar, home: EngineHome, jar: string): Promise<void> {
  const cache = join(ROOT, '.cache', wanted.folder)
  mkdirSync(cache, { recursive: true })
  const download = mkdtempSync(join(cache, 'download-'))
  try {
    await copyFromMaven(wanted.artifact, home, download)
    await requireRightSum(join(download, wanted.fileName), wanted)
    await rename(join(download, wanted.fileName), jar)
  } finally {
    await rm(download, { recursive: true, force: true })
  }
}

async function copyFromMaven(artifact: string, home: EngineHome, folder: string): Promise<void> {
  const args = ['-q', '-B', MAVEN_GOAL, `-Dartifact=${artifact}`, `-DoutputDirectory=${folder}`]
  const maven = home.launch({ name: 'maven', command: 'mvn', args })
  const exitCode = await maven.exitCode
  if (exitCode === 0) return
  if (maven.isMissing()) throw new EngineError('Maven is missing: install the package maven.')
  throw new EngineError(`Maven could not fetch ${artifact}:\n${maven.lastLines()}`)
}

async function requireRightSum(file: string, { fileName, sha256 }: MavenJar): Promise<void> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  const sum = hash.digest('hex')
  if (sum === sha256) return
  await rm(file)
  throw new EngineError(`The download of ${fileName} has the SHA-256 sum ${sum} instead of ${sha256} and was deleted.`)
}
