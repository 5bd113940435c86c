/** The server is killed again and again while clients save runs and load frames: nothing acknowledged is lost, nothing is half there. */
import { setTimeout as sleep } from 'node:timers/promises'
import { CLIENTS, LOOPS, Scene, SETTLED_MS } from './scene.js'

const scene = await Scene.open()
try {
  for (let loop = 0; loop < LOOPS; loop++) {
    scene.ledger.start(CLIENTS)
    await sleep(100 + Math.random() * 1500)
    await Promise.all([scene.killServer(), scene.ledger.stop()])
    await scene.startServer()
    await scene.ledger.settle(SETTLED_MS)
  }
  await scene.close(`${LOOPS} kills of the server`)
} finally {
  await scene.release()
}
