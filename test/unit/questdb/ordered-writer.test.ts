/** A load that must be stored in the order of its rows sends one request at a time, and none a second time blindly. */
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import * as assert from 'uvu/assert'
import { isDomainError } from '../../../src/errors.js'
import { LineWriter } from '../../../src/questdb/writer.js'
import { test } from '../../support/test.js'

/** Sends six lines in requests of two to an engine that answers as told; the bodies that came, and how it ended. */
async function sent(
  ordered: boolean,
  answer: (turn: number, response: ServerResponse) => unknown,
): Promise<{ bodies: string[]; mostAtOnce: number; error: unknown }> {
  const bodies: string[] = []
  const state = { open: 0, mostAtOnce: 0 }
  const engine = createServer(async (request, response) => {
    state.mostAtOnce = Math.max(state.mostAtOnce, ++state.open)
    response.once('close', () => state.open--)
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    bodies.push(Buffer.concat(chunks).toString())
    await sleep(20)
    answer(bodies.length, response)
  })
  await once(engine.listen(0, '127.0.0.1'), 'listening')
  const writer = new LineWriter(`http://127.0.0.1:${(engine.address() as AddressInfo).port}`, {
    ordered,
    requestBytes: 4,
  })
  let error: unknown
  try {
    for (const line of ['1\n', '2\n', '3\n', '4\n', '5\n', '6\n']) await writer.send(Buffer.from(line))
    await writer.finish()
  } catch (thrown) {
    error = thrown
  }
  await writer.close()
  engine.closeAllConnections()
  engine.close()
  return { bodies, mostAtOnce: state.mostAtOnce, error }
}

const stored = (response: ServerResponse) => response.writeHead(204).end()

test('one request is under way at a time, in the order of the rows', async () => {
  const { bodies, mostAtOnce, error } = await sent(true, (_, response) => stored(response))
  assert.equal([bodies, mostAtOnce, error], [['1\n2\n', '3\n4\n', '5\n6\n'], 1, undefined])
  assert.is((await sent(false, (_, response) => stored(response))).mostAtOnce, 2)
})

test('a request whose answer is lost ends the load: its first copy may be stored after what follows', async () => {
  const lost = (turn: number, response: ServerResponse) => (turn === 2 ? response.destroy() : stored(response))
  const { bodies, error } = await sent(true, lost)
  assert.equal(bodies, ['1\n2\n', '3\n4\n'])
  assert.ok(isDomainError(error, 'QUESTDB_UNAVAILABLE'))
  assert.is((await sent(false, lost)).error, undefined)
})

test('a request that the engine says it has not stored is sent again', async () => {
  const { bodies, error } = await sent(true, (turn, response) =>
    turn === 2 ? response.writeHead(503).end('retry operation') : stored(response),
  )
  assert.equal([bodies, error], [['1\n2\n', '3\n4\n', '3\n4\n', '5\n6\n'], undefined])
})

test.run()
