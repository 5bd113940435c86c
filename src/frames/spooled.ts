import type { MemberText } from './small-member.js'

/** A request body at rest: what the contract edge hands to the area that loads it. */
export interface SpooledBody {
  /** File that holds the body exactly as it came. */
  readonly path: string
  readonly bytes: number
  /** Content-Digest form (RFC 9530): `sha-256=:<base64>:`. */
  readonly digest: string
  /** Media type without parameters, lower case. */
  readonly media: string
  /** Where the members that hold frames lie in a JSON body; empty for other media types. */
  readonly members: ReadonlyMap<string, SpooledMember>
  /** Milliseconds since the epoch when the first byte came. */
  readonly startedAt: number
}

/** Byte range [start, end) of a JSON value inside the body. */
export interface SpooledMember {
  readonly start: number
  readonly end: number
  readonly kind: 'array' | 'string' | 'other'
}

/** Parses and checks a member; `values` are the members and items of the body so far, and with this member. */
export type ParseLater = (member: MemberText, values: number) => Promise<{ value: unknown; values: number }>

/** How a body is to be taken into the spool. */
export interface ReceiveOptions {
  readonly media: string
  /** Members of a JSON body that hold frames and stay in the file. */
  readonly frameMembers: readonly string[]
  readonly maxBytes: number
  /** Most bytes of the members that hold no frame. */
  readonly maxHeadBytes: number
  /** Most members and items of these. */
  readonly maxHeadValues: number
  /** Parses those of these that would take long; without it they are parsed like the others. */
  readonly later?: { readonly isForLater: (text: string) => boolean; readonly parse: ParseLater }
  readonly signal: AbortSignal
}

/** How a form with a frame in its file part is to be taken into the spool. */
export interface ReceiveFormOptions {
  /** With the boundary. */
  readonly contentType: string
  /** Names that parts beside `file` may have. */
  readonly fields: readonly string[]
  /** Media types that the file part may have. */
  readonly media: readonly string[]
  readonly maxBytes: number
  /** The digest of the whole form is wanted too. */
  readonly digested: boolean
  readonly signal: AbortSignal
}

export interface ReceivedForm {
  /** The file part; its digest and size are those of the part. */
  readonly spooled: SpooledBody
  /** The text of the other parts; `filename` is that of the file part unless a part says another. */
  readonly head: Record<string, string>
  /** Of the whole form, in Content-Digest form; empty unless it was wanted. */
  readonly digest: string
}

export interface ReceivedBody {
  readonly spooled: SpooledBody
  /** A JSON body without its frame members; undefined for other media types. */
  readonly head: Record<string, unknown> | undefined
}
