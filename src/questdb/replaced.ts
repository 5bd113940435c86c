import { setTimeout as sleep } from 'node:timers/promises'
import { isDomainError } from '../errors.js'
import { isMissingTable } from './failures.js'

/** Far longer than two renames take. */
const PAUSES_MS = [10, 30, 100, 300]

/**
 * Reads a table that may be replaced at this moment: QuestDB has no swap, and between the two renames there is no table of that
 * name. A read that finds none is tried again for half a second; nothing of it may have been handed out before it fails.
 */
export async function despiteReplacement<T>(read: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  for (const pauseMs of PAUSES_MS) {
    try {
      return await read()
    } catch (error) {
      if (!isMissing(error)) throw error
      await sleep(pauseMs, undefined, { signal }).catch(() => signal?.throwIfAborted())
    }
  }
  return read()
}

function isMissing(error: unknown): boolean {
  if (isDomainError(error, 'SQL_INVALID')) return /table does not exist/.test(error.message)
  return isDomainError(error, 'MEASUREMENT_NOT_FOUND') || isMissingTable(error)
}
