/** PostgreSQL crashes again and again under the same server, which is never restarted by hand: what it acknowledged is there. */
import { setTimeout as sleep } from 'node:timers/promises'
import { EngineHome } from '../../scripts/engines/engine-home.js'
import { createPostgres } from '../../scripts/engines/postgres.js'
import { prepareTemplate } from '../support/template.js'
import { CLIENTS, LOOPS, Scene, SETTLED_MS } from './scene.js'

const home = new EngineHome()
try {
  const postgres = await createPostgres(home)
  await postgres.start()
  process.env.STAGE1_POSTGRES_URL = postgres.url
  await prepareTemplate(postgres.url)
  const scene = await Scene.open()
  try {
    for (let loop = 0; loop < LOOPS; loop++) {
      scene.ledger.start(CLIENTS)
      await sleep(100 + Math.random() * 1500)
      await postgres.crash()
      await sleep(Math.random() * 500)
      await postgres.start()
      await sleep(Math.random() * 500)
      await scene.ledger.stop()
      await scene.ledger.settle(SETTLED_MS)
    }
    await scene.close(`${LOOPS} crashes of PostgreSQL`)
  } finally {
    await scene.release()
  }
} finally {
  await home.close()
}
