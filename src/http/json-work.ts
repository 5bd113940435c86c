/** What the thread that looks at large JSON is asked, and what it answers; both sides of it. */
import type { ErrorRecord } from '../errors.js'
import type { Slices } from '../frames/json-slices.js'
import type { MemberText } from '../frames/small-member.js'

/** A whole body, or one member of a body that had so many `values` before. */
export type JsonWork =
  | { readonly text: string; readonly maxValues: number; readonly declared: string | undefined }
  | { readonly member: MemberText; readonly maxValues: number; readonly values: number }

export interface JsonVerdict {
  /** Undefined for text that is parsed in no time. */
  readonly slices: Slices | undefined
  /** Of a body. */
  readonly digest: string
  /** Members and items of the body, with this member. */
  readonly values: number
}

export interface JsonRequest {
  readonly id: number
  readonly work: JsonWork
}

export type JsonReply =
  | { readonly id: number; readonly verdict: JsonVerdict }
  /** `stack` is for the log, when the error was not a domain error. */
  | { readonly id: number; readonly failed: ErrorRecord; readonly stack?: string }
