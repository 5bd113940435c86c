import { Fleet } from '../faults/fleet.js'
import { manyProcesses } from '../faults/many-processes.js'
import { test } from '../support/test.js'

let fleet: Fleet

test.before(async () => {
  fleet = await Fleet.start()
})

test.after(() => fleet.release())

test('over two servers and two workers each job has its effect once, and a reader that changes servers misses no event', async () => {
  await manyProcesses(fleet, { jobs: 24, readers: 30, changes: 15 })
})

test.run()
