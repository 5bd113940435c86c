/** `Idempotency-Key`: operations whose contract says so are done once for each key, and answered alike ever after. */
import type { Context } from 'koa'
import type { Operation } from 'openapi-backend'
import type { ReadBody } from './body.js'
import { isRefusal } from './problem.js'

/** An answer as it can be given again, byte for byte. */
interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Where keys and their answers are kept; made by the area that owns them. */
export interface IdempotencyKeys {
  once(
    request: { readonly holder: string; readonly key: string; readonly target: string; readonly body: string },
    signal: AbortSignal,
    work: (workId: string) => Promise<Answer>,
    refused: (error: unknown) => boolean,
  ): Promise<{ readonly answer: Answer; readonly replayed: boolean }>
}

/** What of an answer's headers tells of the answer; the others are made anew for each. */
const KEPT_HEADERS = ['Content-Type', 'Location', 'ETag', 'Retry-After']

/**
 * Has the request answered by `work`, or as an earlier one with its key was. What is made under the work id, if there is one, a repeated
 * request will find.
 * @throws DomainError IDEMPOTENCY_KEY_REUSED, IDEMPOTENCY_IN_PROGRESS, or what the work throws
 */
export async function answerOnce(
  keys: IdempotencyKeys,
  operation: Operation,
  { ctx, body, signal }: { readonly ctx: Context; readonly body: ReadBody; readonly signal: AbortSignal },
  work: (workId: string | undefined) => Promise<void>,
): Promise<void> {
  const key = ctx.get('idempotency-key')
  if (key === '' || !isReplayed(operation)) return work(undefined)
  const request = {
    holder: ctx.state.tokenId ?? '',
    key,
    target: `${ctx.method} ${ctx.path}?${ctx.querystring}`,
    body: body.identity(),
  }
  const workAndTell = async (workId: string) => {
    await work(workId)
    return answerOf(ctx)
  }
  const { answer, replayed } = await keys.once(request, signal, workAndTell, isRefusal)
  if (!replayed) return
  ctx.status = answer.status
  ctx.set({ ...answer.headers, 'Idempotency-Replayed': 'true' })
  ctx.body = answer.body
}

/** Whether the operation's contract promises a replay, in the parameter that declares the header. */
export function isReplayed(operation: Operation): boolean {
  const parameters = (operation.parameters ?? []) as { name: string; 'x-replayed'?: boolean }[]
  return parameters.some((parameter) => parameter.name === 'Idempotency-Key' && parameter['x-replayed'] === true)
}

/** Operations with a replay answer JSON, which is text by now. */
function answerOf(ctx: Context): Answer {
  const kept = KEPT_HEADERS.map((name) => [name, ctx.response.get(name)] as const).filter(([, value]) => value !== '')
  return { status: ctx.status, headers: Object.fromEntries(kept), body: ctx.body as string }
}
