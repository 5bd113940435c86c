/**
 * A thread that asks one URL twenty-five times a second, each time by a new connection and whether it is answered or not, and tells how long
 * each answer took. A hundred a second would measure their own queue: the loop of a busy server takes one new connection a turn.
 */
import { get } from 'node:http'
import { setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'

const EVERY_MS = 40

// It stands for a machine of its own, so it does not wait for the processors of this one, where it may say so.
try {
  setPriority(-10)
} catch {}

const asked: Promise<number>[] = []
const timer = setInterval(() => asked.push(askOnce(workerData as string)), EVERY_MS)

parentPort?.once('message', async () => {
  clearInterval(timer)
  parentPort?.postMessage(await Promise.all(asked))
})

/** Milliseconds until the whole answer; infinity for none, or another than a success. */
function askOnce(url: string): Promise<number> {
  const began = performance.now()
  return new Promise((resolve) => {
    const failed = () => resolve(Number.POSITIVE_INFINITY)
    get(url, { agent: false }, (response) => {
      const isRight = response.statusCode === 200
      response.resume().once('end', () => (isRight ? resolve(performance.now() - began) : failed()))
    }).once('error', failed)
  })
}
