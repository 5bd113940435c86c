import type { Handle } from '../postgres/handle.js'
import * as repository from './repository.js'

export type { NewEvent } from './repository.js'

/**
 * Stores events as a part of a transaction and has them told when it is committed. Should be among its last statements: readers
 * wait for a transaction that holds a lower number than the one they want to pass.
 */
export function recordEvents(tx: Handle, events: readonly repository.NewEvent[]): Promise<void> {
  return repository.insertEvents(tx, events)
}
