import { setPriority } from 'node:os'

const NICENESS = 5

/**
 * Lets the event loop go before this worker thread where both want the processor: on two cores, work on others' frames would
 * otherwise take from every request's time. Only Linux knows a niceness of threads; elsewhere it would be the whole process's.
 */
export function yieldToEventLoop(): void {
  if (process.platform === 'linux') setPriority(NICENESS)
}
