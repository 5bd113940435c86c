/**
 * Operations whose contract says `x-audit` leave an entry: stored before their work begins, its outcome when they are answered. Who asks
 * for a token is not known before: there the entry follows the work, so that wrong tries cost no connection to PostgreSQL.
 */
import type { Context } from 'koa'
import type { Operation } from 'openapi-backend'
import { problemOf } from './problem.js'

/** Where entries are kept; made by the area that owns them. */
export interface AuditTrail {
  begin(entry: {
    readonly tokenId: string | null
    readonly tokenName: string
    readonly operation: string
    readonly requestId: string
    readonly address: string
  }): Promise<number>
  end(
    auditId: number,
    outcome: { readonly status: number; readonly errorCode: string; readonly subject: string },
  ): Promise<void>
}

/** Ids and names by which an answer tells what was written, the most telling first. */
const TELLING = ['run_id', 'simulation_id', 'dataset_id', 'upload_id', 'measurement', 'job_id', 'token_id'] as const
const LONGEST_SUBJECT = 200

/** Runs the work between the two halves of its entry. @throws what the work throws, or why the entry could not be stored */
export async function audited(
  trail: AuditTrail,
  operation: Operation,
  ctx: Context,
  params: Readonly<Record<string, unknown>>,
  work: () => Promise<void>,
): Promise<void> {
  if (!isAudited(operation)) return work()
  const isKnown = operation.security?.length !== 0
  if (!isKnown) await work()
  const auditId = await trail.begin({
    tokenId: ctx.state.tokenId ?? null,
    tokenName: ctx.state.tokenName ?? '',
    operation: operation.operationId as string,
    requestId: ctx.state.requestId,
    address: ctx.ip,
  })
  const inPath = String(Object.values(params)[0] ?? '')
  try {
    if (isKnown) await work()
    const subject = inPath || subjectIn(ctx.body)
    await trail.end(auditId, { status: ctx.status, errorCode: '', subject: subject.slice(0, LONGEST_SUBJECT) })
  } catch (error) {
    const { status, body } = problemOf(error, ctx.state.requestId)
    await trail.end(auditId, { status, errorCode: body.code, subject: inPath.slice(0, LONGEST_SUBJECT) })
    throw error
  }
}

export function isAudited(operation: Operation): boolean {
  return (operation as { 'x-audit'?: boolean })['x-audit'] === true
}

/** Audited operations answer JSON, which is text by now. */
function subjectIn(body: unknown): string {
  if (typeof body !== 'string') return ''
  const answer = JSON.parse(body) as Record<string, unknown>
  const name = TELLING.find((candidate) => typeof answer[candidate] === 'string')
  return name ? (answer[name] as string) : ''
}
