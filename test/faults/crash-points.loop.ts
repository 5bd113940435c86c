/** The server dies at every named point on every way that leads there, each in a server of its own, with and without an Idempotency-Key. */
import { longForm } from './crash-scenarios.js'
import { CrashStage } from './crash-stage.js'

/** Deaths that one start recovers. */
const AT_ONCE = 12

let deaths = 0
for (const keyed of [true, false]) {
  const ways = longForm().filter(([point]) => keyed || !point.startsWith('idempotency-'))
  for (let from = 0; from < ways.length; from += AT_ONCE) {
    const stage = await CrashStage.open()
    try {
      const some = ways.slice(from, from + AT_ONCE)
      await stage.play(some, keyed, 1)
      deaths += some.length
    } finally {
      await stage.release()
    }
  }
}
console.log(`  ${deaths} deaths: 0 half done, 0 acknowledged lost, 0 done twice, 0 jobs left running, 0 leftovers`)
