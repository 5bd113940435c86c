/**
 * The contract edge. openapi-backend matches the request to an operation, checks the token and validates parameters and
 * body; then the handler of that operationId runs and its typed answer is written. Whatever is thrown on the way becomes a
 * problem in `app.ts`'s outermost middleware. Strict: what is not declared is refused, never passed on.
 */
import type { ErrorObject } from 'ajv'
import addFormatsModule from 'ajv-formats'
import type { Context } from 'koa'
import {
  type Context as ApiContext,
  type Document,
  OpenAPIBackend,
  type Operation,
  type Request,
} from 'openapi-backend'
import { DomainError } from '../errors.js'
import { nextTurn } from '../turns.js'
import type { Admission } from './admission.js'
import { type AuditTrail, audited } from './audit.js'
import { frameMembersOf, NO_BODY, type ReadBody } from './body.js'
import type { Handlers, OperationId, OperationReply, OperationRequest } from './contract.js'
import { answerOnce, type IdempotencyKeys } from './idempotency.js'
import { queryOf } from './query.js'
import { writeReply } from './reply.js'
import { allowedMethods, precompileRouter } from './router.js'
import type { SecretTries } from './secret-tries.js'

const addFormats = addFormatsModule.default

const LARGE_BYTES = 256 << 10

/** What one request carries through openapi-backend. */
interface Exchange {
  readonly ctx: Context
  readonly request: Request
  signal: AbortSignal
  body: ReadBody
}

export interface ApiOptions {
  readonly document: Document
  readonly handlers: Handlers
  readonly admission: Admission
  readonly secretTries: SecretTries
  /** @throws DomainError TOO_MANY_AT_ONCE when no further request of its kind may run */
  readonly takePlace: (ctx: Context, operation: Operation) => void
  readonly readBody: (ctx: Context, operation: Operation, signal: AbortSignal) => Promise<ReadBody>
  readonly keys: IdempotencyKeys
  readonly audit: AuditTrail
  /** The signal that bounds the request, made once its operation is known. */
  readonly signalFor: (ctx: Context, operation: Operation) => AbortSignal
}

export interface Api {
  /** Answers the request; @throws DomainError for everything that is refused. */
  handle(ctx: Context): Promise<void>
  readonly backend: OpenAPIBackend
}

export async function createApi(options: ApiOptions): Promise<Api> {
  const backend = new OpenAPIBackend({
    definition: runtimeDocument(options.document),
    strict: true,
    ignoreTrailingSlashes: false,
    coerceTypes: true,
    ajvOpts: { useDefaults: true, validateSchema: false },
    customizeAjv: oneAjvPerContext(),
    handlers: { ...edgeHandlers(options), ...operationHandlers(options) },
    securityHandlers: {
      stage1_token: async ({ operation }: ApiContext, { ctx }: Exchange) => {
        await options.admission.authenticate(ctx, operation)
        return true
      },
      stream_ticket: async ({ operation }: ApiContext, { ctx, request }: Exchange) => {
        const { ticket, ...query } = request.query as Record<string, string | string[]>
        if (ticket === undefined) return false
        // Not a parameter of the operation, which would refuse it.
        request.query = query
        await options.admission.admit(ctx, operation, String(ticket))
        return true
      },
    },
  })
  await backend.init()
  precompileRouter(backend.router)
  return { backend, handle: (ctx) => answer(backend, ctx) }
}

async function answer(backend: OpenAPIBackend, ctx: Context): Promise<void> {
  const request: Request = {
    method: ctx.method,
    path: decodable(ctx.path),
    query: queryOf(ctx.querystring),
    headers: ctx.headers as Record<string, string>,
    body: undefined,
  }
  const exchange: Exchange = {
    ctx,
    request,
    signal: new AbortController().signal,
    body: NO_BODY,
  }
  await backend.handleRequest(request, exchange)
}

function edgeHandlers(options: ApiOptions) {
  return {
    postSecurityHandler: async (c: ApiContext, exchange: Exchange) => {
      const refused = (c.operation.security ?? []).length > 0 && !c.security?.authorized
      if (refused) return
      exchange.ctx.state.operationId = c.operation.operationId
      quoteLooseIntegers(c.operation, exchange.request.query as Record<string, unknown>)
      options.takePlace(exchange.ctx, c.operation)
      exchange.signal = options.signalFor(exchange.ctx, c.operation)
      exchange.body = await options.readBody(exchange.ctx, c.operation, exchange.signal)
      exchange.ctx.state.spooled = exchange.body.spooled
      exchange.request.body = exchange.body.json
      // The contract's check of a large body is a step of its own.
      if ((exchange.ctx.request.length ?? 0) > LARGE_BYTES) await nextTurn()
    },
    notFound: (_: ApiContext, { ctx }: Exchange) => {
      throw new DomainError('ROUTE_NOT_FOUND', `there is nothing at ${ctx.path.slice(0, 200)}`)
    },
    methodNotAllowed: (c: ApiContext, { ctx }: Exchange) => {
      const allowed = allowedMethods(c.api.router, ctx.path)
      ctx.set('Allow', allowed.join(', '))
      throw new DomainError('METHOD_NOT_ALLOWED', `${ctx.method} is not served here; use ${allowed.join(' or ')}`, {
        allowed,
      })
    },
    unauthorizedHandler: (c: ApiContext) => {
      const failed = [c.security?.stream_ticket, c.security?.stage1_token] as ({ error?: unknown } | undefined)[]
      const reason = failed.map((result) => result?.error).find((error) => error !== undefined)
      throw reason ?? new DomainError('UNAUTHORIZED', 'send a token in X-Stage1-Token')
    },
    validationFail: (c: ApiContext) => {
      throw invalidRequest(c.validation.errors ?? [])
    },
  }
}

type AnyHandler = (request: OperationRequest<OperationId>) => Promise<OperationReply<OperationId>>

function operationHandlers({ handlers, keys, audit, admission, secretTries }: ApiOptions) {
  return Object.fromEntries(
    Object.entries(handlers as Record<string, AnyHandler>).map(([id, handler]) => [
      id,
      (c: ApiContext, exchange: Exchange) => {
        const work = async (workId: string | undefined) => {
          const reply = await handler({
            params: c.request.params,
            query: c.request.query,
            headers: exchange.ctx.headers,
            body: exchange.body.json,
            spooled: exchange.body.spooled,
            workId,
            tokenId: exchange.ctx.state.tokenId,
            limits: () => admission.limits(exchange.ctx),
            signal: exchange.signal,
          } as unknown as OperationRequest<OperationId>)
          await writeReply(exchange.ctx, reply)
        }
        return secretTries(exchange.ctx, c.operation, () =>
          audited(audit, c.operation, exchange.ctx, c.request.params, () =>
            answerOnce(keys, c.operation, exchange, work),
          ),
        )
      },
    ]),
  )
}

/** Coercion would take `1e2`, `0x10`, ` 5`, `-0` and `007` for whole numbers; in quotes they are none, and are refused with the rest. */
function quoteLooseIntegers(operation: Operation, query: Record<string, unknown>): void {
  for (const { in: where, name, schema } of (operation.parameters ?? []) as DeclaredParameter[]) {
    const value = where === 'query' && schema?.type === 'integer' ? query[name] : undefined
    if (typeof value === 'string' && !/^(0|-?[1-9]\d*)$/.test(value)) query[name] = JSON.stringify(value)
  }
}

interface DeclaredParameter {
  readonly in: string
  readonly name: string
  readonly schema?: { readonly type?: string }
}

/** A new Ajv per operation would cost seconds at start; openapi-backend's own, one per context, is enough. */
function oneAjvPerContext() {
  const instances = new Map<string, import('ajv').default>()
  return (ajv: import('ajv').default, _options: unknown, context: string | undefined) => {
    const key = context ?? ''
    const known = instances.get(key)
    if (known) return known
    addFormats(ajv)
    // A few parameters are all told of at once; a body could hold a hundred thousand faults.
    if (key === 'paramsValidator') ajv.opts.allErrors = true
    instances.set(key, ajv)
    return ajv
  }
}

/**
 * The document that requests are validated with. Members that hold frames are taken out: they stay in the spool and are
 * checked by the decoder that reads them. Where other media types stand beside JSON, `required` would refuse those.
 * Answers are held to the contract by the types here and by the tests; validators for them would double the time to start.
 */
function runtimeDocument(document: Document): Document {
  const copy = structuredClone(document)
  // They are for clients, and the check of the document takes no body in a link.
  delete copy.components?.links
  for (const item of Object.values(copy.paths ?? {})) {
    for (const operation of Object.values(item ?? {}) as Operation[]) {
      if (!operation?.responses) continue
      operation.responses = { default: { description: 'as the contract says' } }
      const body = operation.requestBody as SpooledBodyDefinition | undefined
      const members = frameMembersOf(operation)
      if (!body || !members) continue
      const json = body.content['application/json']
      if (json) json.schema = withoutMembers(resolve(copy, json.schema), members)
      if (Object.keys(body.content).length > 1) {
        body['x-needed'] = body.required === true
        body.required = false
      }
    }
  }
  return copy
}

interface SpooledBodyDefinition {
  required?: boolean
  'x-needed'?: boolean
  content: Record<string, { schema: JsonSchema }>
}

interface JsonSchema {
  $ref?: string
  additionalProperties?: unknown
  required?: string[]
  properties?: Record<string, unknown>
}

/** The frames stay in the spool. Where other members are refused, the frames' own are left, to say what was expected of them. */
function withoutMembers(schema: JsonSchema, members: readonly string[]): JsonSchema {
  const required = (schema.required ?? []).filter((name) => !members.includes(name))
  if (schema.additionalProperties === false) return { ...schema, required }
  const properties = Object.fromEntries(
    Object.entries(schema.properties ?? {}).filter(([name]) => !members.includes(name)),
  )
  return { ...schema, properties, required }
}

function resolve(document: Document, schema: JsonSchema): JsonSchema {
  const name = schema.$ref?.replace('#/components/schemas/', '')
  return name ? ((document.components?.schemas?.[name] ?? schema) as JsonSchema) : schema
}

function invalidRequest(errors: ErrorObject[]): DomainError {
  const details = errors.slice(0, 20).map((error) => {
    const [, where = '', ...rest] = error.instancePath.split('/')
    const extra = error.params?.additionalProperty ?? error.params?.missingProperty
    const pointer = `/${[...rest, ...(extra === undefined ? [] : [String(extra)])].join('/')}`
    return { in: where === 'requestBody' ? 'body' : where, pointer, expected: error.message ?? '' }
  })
  const [first] = details
  if (first && details.every((detail) => detail.in === 'path'))
    return new DomainError('ROUTE_NOT_FOUND', `there is nothing under this ${first.pointer.slice(1)}`, details)
  const sentence = first ? `${first.in} ${first.pointer}: ${first.expected}` : 'the request does not fit the contract'
  return new DomainError('REQUEST_INVALID', sentence, details)
}

/** @throws DomainError REQUEST_INVALID for percent-encoding that is no UTF-8, which openapi-backend would trip over */
function decodable(path: string): string {
  try {
    decodeURIComponent(path)
    return path
  } catch {
    throw new DomainError('REQUEST_INVALID', 'the path is not valid percent-encoded UTF-8')
  }
}
