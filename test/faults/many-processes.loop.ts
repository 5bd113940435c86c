/** 200 jobs and 1 000 readers of events over two servers and two workers, with 100 changes of server each way. */
import { Fleet } from './fleet.js'
import { manyProcesses } from './many-processes.js'

const fleet = await Fleet.start()
try {
  console.log(`  ${JSON.stringify(await manyProcesses(fleet, { jobs: 200, readers: 1000, changes: 100 }))}`)
  console.log('  each effect once; no event lost or doubled')
} finally {
  await fleet.release()
}
