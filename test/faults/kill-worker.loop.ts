/** The process that works on jobs is killed again and again, while the one that takes requests goes on: each job ends, and has its effect once. */
import { setTimeout as sleep } from 'node:timers/promises'
import { BY_JOBS } from './deeds.js'
import { CLIENTS, LOOPS, Scene, SETTLED_MS } from './scene.js'

const scene = await Scene.open({ STAGE1_ROLES: 'api' }, BY_JOBS)
const startWorker = () => scene.startAnother({ STAGE1_ROLES: 'worker' })
let worker = await startWorker()
try {
  for (let loop = 0; loop < LOOPS; loop++) {
    scene.ledger.start(CLIENTS)
    await sleep(100 + Math.random() * 1500)
    await Promise.all([worker.kill(), scene.ledger.stop()])
    worker = await startWorker()
    await scene.ledger.settle(SETTLED_MS)
  }
  await scene.close(`${LOOPS} kills of the worker`)
} finally {
  await worker.kill()
  await scene.release()
}
