/**
 * A server is frozen for longer than its leases while another one takes over its jobs, and goes on afterwards as if nothing had
 * happened: its late writes are refused, and each job has its effect once.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { CLIENTS, LOOPS, Scene, SETTLED_MS } from './scene.js'

const LEASE_SECONDS = 2

const scene = await Scene.open({
  STAGE1_JOBS_LEASE_SECONDS: String(LEASE_SECONDS),
  STAGE1_JOBS_SWEEP_SECONDS: '1',
})
try {
  const other = await scene.startAnother()
  try {
    for (let loop = 0; loop < LOOPS; loop++) {
      scene.ledger.start(CLIENTS)
      await sleep(100 + Math.random() * 1000)
      scene.freezeServer()
      await sleep((LEASE_SECONDS + 2) * 1000)
      scene.thawServer()
      await scene.ledger.stop()
      await scene.ledger.settle(SETTLED_MS)
    }
    await scene.close(`${LOOPS} times frozen beyond the lease`)
  } finally {
    await other.kill()
  }
} finally {
  await scene.release()
}
