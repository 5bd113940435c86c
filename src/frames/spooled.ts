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
