/**
 * Whether a record is this work's making: it was not there, or this very work has made it before, and died before it could say so.
 * A request that is sent again under its Idempotency-Key is told "created" then, as the first one would have been.
 */
export function isMadeBy(workId: string | undefined, known: { readonly made_by: string | null } | undefined): boolean {
  return known === undefined || (workId !== undefined && known.made_by === workId)
}
