/**
 * A real S3-compatible store for one test file: S3Mock, a jar that Maven fetches like QuestDB's. It checks the checksums that it is sent, pages
 * its lists and knows unfinished uploads with their times; it takes any credentials.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { EngineHome } from '../../scripts/engines/engine-home.js'
import { freePorts } from '../../scripts/engines/free-ports.js'
import { requireJava } from '../../scripts/engines/java.js'
import { mavenJar } from '../../scripts/engines/maven-jar.js'
import { S3Bucket } from '../../src/storage/s3-bucket.js'
import { eventually } from './eventually.js'

const VERSION = '4.11.0'
const JAR = {
  name: `S3Mock ${VERSION}`,
  artifact: `com.adobe.testing:s3mock:${VERSION}:jar:exec`,
  fileName: `s3mock-${VERSION}-exec.jar`,
  sha256: '30916126e4cf559ca3fd25a1ff481eb64f7bfd2e05eb1ea83600999774f63f84',
  folder: 's3mock',
}
const START_LIMIT_MS = 60_000

export interface S3Server {
  readonly url: string
  /** The bucket, as the server sees it. */
  bucket(options?: { readonly url?: string; readonly partBytes?: number; readonly name?: string }): S3Bucket
  /** Keys of all objects. */
  keys(): Promise<string[]>
  /** Settings by environment name, for a server that keeps its spool here. */
  settings(url?: string): Record<string, string>
  stop(): Promise<void>
}

const BUCKET = 'spool'

export async function startS3Server(): Promise<S3Server> {
  await requireJava()
  const home = new EngineHome()
  const jar = await mavenJar(JAR, home, (line) => console.log(line))
  const [port] = (await freePorts(1)) as [number]
  const folders = { root: join(home.folder, 's3'), temporary: join(home.folder, 's3-tmp') }
  for (const folder of Object.values(folders)) mkdirSync(folder, { mode: 0o700 })
  home.launch({
    name: 's3mock',
    command: 'java',
    args: [
      `-Djava.io.tmpdir=${folders.temporary}`,
      // Its own https port needs a file beside the user's; nobody uses it.
      `-Duser.home=${folders.temporary}`,
      ...['-Xmx256m', '-XX:TieredStopAtLevel=1', '-jar', jar],
      ...['--server.address=127.0.0.1', '--server.port=0', `--com.adobe.testing.s3mock.http-port=${port}`],
      `--com.adobe.testing.s3mock.store.root=${folders.root}`,
      `--com.adobe.testing.s3mock.store.initial-buckets=${BUCKET}`,
    ],
  })
  const url = `http://127.0.0.1:${port}`
  const bucket: S3Server['bucket'] = (options = {}) =>
    new S3Bucket({
      bucket: options.name ?? BUCKET,
      endpoint: options.url ?? url,
      region: 'us-east-1',
      accessKey: 'test',
      secretKey: 'test',
      pathStyle: true,
      ...(options.partBytes === undefined ? {} : { partBytes: options.partBytes }),
    })
  const own = bucket()
  await eventually('the store answers', () => own.requireBucket().then(() => true), START_LIMIT_MS)
  return {
    url,
    bucket,
    async keys() {
      const keys: string[] = []
      for await (const { key } of own.list('')) keys.push(key)
      return keys
    },
    settings: (through = url) => ({
      STAGE1_SPOOL_S3_BUCKET: BUCKET,
      STAGE1_SPOOL_S3_ENDPOINT: through,
      STAGE1_SPOOL_S3_ACCESS_KEY: 'test',
      STAGE1_SPOOL_S3_SECRET_KEY: 'test',
    }),
    async stop() {
      own.close()
      await home.close()
    },
  }
}
