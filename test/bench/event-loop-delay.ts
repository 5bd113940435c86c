/** Loaded before the server by a benchmark: writes how late its event loop was, in ms, when the process ends. */
import { writeFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { isMainThread } from 'node:worker_threads'

const RESOLUTION_MS = 10
const file = process.env.BENCH_EVENT_LOOP_FILE

if (isMainThread && file) {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  // The start of the process is not what is measured.
  setTimeout(() => delay.reset(), 3_000).unref()
  delay.enable()
  process.on('exit', () => writeFileSync(file, String(delay.percentile(99.9) / 1e6 - RESOLUTION_MS)))
}
