/** Events as text/event-stream. */
import * as assert from 'uvu/assert'
import { encodeEvent, heartbeat, lost, opening, passes } from '../../../src/events/encoding.js'
import { test } from '../../support/test.js'

const EVENT = {
  event_id: 7,
  topic: 'runs',
  type: 'run.saved',
  subject: '8620f8da-8f74-4dd9-8ee2-d14d2c672873',
  job_id: null,
  data: {} as Record<string, unknown>,
  created_at: new Date(1_762_434_317_000),
}

test('an event is one block with its number, its type and one line of data', () => {
  assert.is(
    encodeEvent(EVENT).bytes.toString(),
    'id: 7\nevent: run.saved\ndata: {"event_id":7,"topic":"runs","type":"run.saved","subject":"8620f8da-8f74-4dd9-8ee2-d14d2c672873",' +
      '"job_id":null,"created_at":"2025-11-06T13:05:17.000Z","data":{}}\n\n',
  )
})

test('line breaks and the words of the format in the data neither end a block nor begin a field', () => {
  const data = { message: 'a\n\nid: 9\r\nevent: x\rdata: y\u2028z\u2029é😀\0', 'k\n\n': ':' }
  const text = encodeEvent({ ...EVENT, data }).bytes.toString()
  const lines = text.split(/\r\n|\r|\n/)
  assert.equal(
    lines.map((line) => line.split(':')[0]),
    ['id', 'event', 'data', '', ''],
  )
  assert.equal(JSON.parse((lines[2] as string).slice(6)).data, data)
})

test('what is no event carries no data, but for the word that events are lost, which carries no number', () => {
  assert.match(opening(41), /^: .*\nretry: 2000\nid: 41\n\n$/)
  assert.match(heartbeat(41), /^: .*\nid: 41\n\n$/)
  assert.is(lost(3, 42), 'event: events.lost\ndata: {"since":3,"oldest_event_id":42}\n\n')
})

test('a filter lets through what fits all of it', () => {
  const event = { number: 1, topic: 'jobs', jobId: 'j', bytes: Buffer.alloc(0) }
  assert.ok(passes({}, event))
  assert.ok(passes({ topics: ['runs', 'jobs'], jobId: 'j' }, event))
  assert.not(passes({ topics: ['runs'] }, event))
  assert.not(passes({ topics: ['jobs'], jobId: 'k' }, event))
  assert.not(passes({ jobId: 'k' }, { ...event, jobId: null }))
})

test.run()
