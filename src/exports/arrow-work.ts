/** What the thread that makes Arrow of rows is asked, and what it answers; both sides of it. */
import type { ErrorRecord } from '../errors.js'

export interface ArrowSettings {
  readonly questdbUrl: string
  readonly questdbTimeoutMs: number
  /** Where QuestDB's answers wait until they are read. */
  readonly folder: string
  /** The most that such an answer may have. */
  readonly maxBytes: number
}

export interface ArrowWork {
  readonly sql: string
  readonly timeoutSeconds: number
  readonly rowsPerGroup: number
}

/** `more` asks for one chunk. */
export type ArrowRequest = 'more' | { readonly cancel: ErrorRecord }

export type ArrowReply =
  | { readonly chunk: Uint8Array<ArrayBuffer> }
  | 'end'
  /** `stack` is for the log, when the error was not a domain error. */
  | { readonly failed: ErrorRecord; readonly stack?: string }
