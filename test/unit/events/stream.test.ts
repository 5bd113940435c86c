/** How a stream goes over from the table to the feed, on a server that is ahead of it or behind. */
import * as assert from 'uvu/assert'
import type { EncodedEvent } from '../../../src/events/encoding.js'
import type { EventFeed, Subscriber } from '../../../src/events/feed.js'
import { EventStream } from '../../../src/events/stream.js'
import { eventually } from '../../support/eventually.js'
import { test } from '../../support/test.js'

const live = (number: number): EncodedEvent => ({
  number,
  topic: 'runs',
  jobId: null,
  bytes: Buffer.from(`id: ${number}\nevent: run.saved\n\n`),
})
const stored = (event_id: number) => ({
  event_id,
  topic: 'runs',
  type: 'run.saved',
  subject: 'x',
  job_id: null,
  data: {},
  created_at: new Date(0),
})

function opened(since: number, passed: number, beforePage: (feed: { passed: number }) => void = () => {}) {
  const subscribers: Subscriber[] = []
  const feed = {
    passed,
    subscribe(subscriber: Subscriber) {
      subscribers.push(subscriber)
      return () => {}
    },
  }
  const ending = new AbortController()
  const stream = new EventStream({
    feed: feed as unknown as EventFeed,
    filter: {},
    since,
    heartbeatMs: 60_000,
    page: async (after, upTo) => {
      beforePage(feed)
      return { events: Array.from({ length: upTo - after }, (_, i) => stored(after + 1 + i)), removedUpTo: 0 }
    },
    signal: ending.signal,
  })
  let text = ''
  stream.on('data', (piece) => {
    text += piece
  })
  const numbers = () => [...text.matchAll(/id: (\d+)\nevent/g)].map(([, number]) => Number(number))
  const subscribed = () => eventually('it has subscribed', () => subscribers[0], 1_000)
  return { feed, stream, ending, numbers, subscribed }
}

test('with a number that this server has not reached, from another that is ahead, events up to it do not come again', async () => {
  const { stream, numbers, subscribed } = opened(8, 5)
  const subscriber = await subscribed()
  for (let number = 6; number <= 10; number++) subscriber.hand(live(number))
  await eventually('the last has come', () => numbers().includes(10), 1_000)
  assert.equal(numbers(), [9, 10])
  stream.destroy()
})

test('what the feed passes while a page is read is read too, before the stream listens to the feed', async () => {
  let reads = 0
  const { stream, numbers, subscribed } = opened(2, 4, (feed) => {
    if (++reads < 3) feed.passed += 2
  })
  const subscriber = await subscribed()
  for (const number of [7, 8, 9]) subscriber.hand(live(number))
  await eventually('the last has come', () => numbers().includes(9), 1_000)
  assert.equal(numbers(), [3, 4, 5, 6, 7, 8, 9])
  stream.destroy()
})

test('a stream that was ended takes no more, and a stream ends as one does', async () => {
  const { stream, ending, numbers, subscribed } = opened(2, 2)
  const subscriber = await subscribed()
  let clean = false
  stream.on('end', () => {
    clean = true
  })
  subscriber.hand(live(3))
  ending.abort()
  subscriber.hand(live(4))
  await eventually('it has ended', () => clean, 1_000)
  assert.equal(numbers(), [3])
})

test('a burst of more than may wait reaches a client that reads, each event once', async () => {
  const { feed, stream, numbers, subscribed } = opened(0, 0)
  const subscriber = await subscribed()
  stream.pause()
  const large = (number: number) => ({
    ...live(number),
    bytes: Buffer.from(`id: ${number}\nevent: run.saved\ndata: ${'x'.repeat(10_000)}\n\n`),
  })
  for (let number = 1; number <= 300; number++) subscriber.hand(large(number))
  assert.ok(stream.readableLength < 1.1 * 1024 * 1024, `${stream.readableLength} bytes wait`)
  feed.passed = 300
  stream.resume()
  await eventually('the last has come', () => numbers().includes(300), 2_000)
  assert.equal(
    numbers(),
    Array.from({ length: 300 }, (_, i) => i + 1),
  )
})

test.run()
