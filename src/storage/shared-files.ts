/**
 * Files that one process writes and another one reads: bodies that wait for a job, and files that wait for a download. Each is written
 * and read as a local file; where the processes share no folder, a store keeps what was shared, and a process that needs it fetches it.
 */
import type { Readable } from 'node:stream'

/** What a file holds; a fetched copy that differs is not used. */
export interface Content {
  readonly bytes: number
  /** As in Content-Digest (RFC 9530): `sha-256=:<base64>:`. */
  readonly digest: string
}

export interface SharedFiles {
  start(): Promise<void>
  stop(): Promise<void>

  /** Where a new file is to be written. Whoever writes it lets it go in the end. */
  create(name: string): Promise<string>
  /**
   * Lets all processes read a file that is here and whole. To be awaited before anybody is told of it.
   * @throws DomainError SPOOL_UNAVAILABLE
   */
  share(name: string, content: Content): Promise<void>
  /**
   * The local path of a shared file, until it is let go; undefined when there is no such file any more.
   * @throws DomainError SPOOL_UNAVAILABLE, or the signal's reason
   */
  use(name: string, content: Content, signal: AbortSignal): Promise<string | undefined>
  /** Says that a created or used file is no longer needed here; other processes can go on reading what was shared. */
  letGo(name: string): Promise<void>
  /** Lets go of a created file that nobody else was told of: nothing of it stays. */
  abandon(name: string): Promise<void>

  /** Size of a shared file; undefined when there is none. @throws DomainError SPOOL_UNAVAILABLE */
  size(name: string): Promise<number | undefined>
  /** The bytes of a shared file from `start` to `end`, the latter exclusive. */
  read(name: string, start: number, end: number): Readable
  /** Removes a shared file for all processes; what can't be removed now, the sweep will. */
  remove(name: string): Promise<void>

  /** Removes what nobody remembers and nobody can still be writing, for all processes. */
  sweep(remembered: ReadonlySet<string>): Promise<void>
  /** Removes what processes that died have left on this machine alone. */
  sweepHere(): Promise<void>
}
