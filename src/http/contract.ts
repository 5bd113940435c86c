/**
 * The contract as types: for every operationId what a handler is given and what it may answer. An operation without a
 * handler, a handler without an operation, or an answer that the contract does not declare, does not compile.
 */
import type { Readable } from 'node:stream'
import type { components, operations } from '../../generated/api.js'
import type { SpooledBody } from '../frames/spooled.js'

export type { components } from '../../generated/api.js'
export type OperationId = keyof operations

type Parameters<Id extends OperationId, Where extends string> = operations[Id]['parameters'] extends {
  [W in Where]?: infer P
}
  ? NonNullable<P>
  : Record<never, never>

type JsonBody<Id extends OperationId> = operations[Id] extends {
  requestBody: { content: { 'application/json': infer Body } }
}
  ? Body
  : undefined

/** A limit on requests, and what is left of it. */
export type RequestLimit = components['schemas']['RequestLimit']

export interface OperationRequest<Id extends OperationId> {
  readonly params: Parameters<Id, 'path'>
  readonly query: Parameters<Id, 'query'>
  /** Header values by lower-case name. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** The JSON body, checked against the contract; members that hold frames are left in `spooled`. */
  readonly body: JsonBody<Id>
  /** The body at rest, for operations that carry frames; handing it on is the handler's duty, removing it the edge's. */
  readonly spooled: SpooledBody | undefined
  /** The token that the request was let in with; none where no token is asked for. */
  readonly tokenId: string | undefined
  /** The limits that requests with this token count against, and what is left of them. */
  readonly limits: () => Promise<readonly RequestLimit[]>
  /** Id for the job or upload that this request makes, so that the same request, sent again under its key, finds it. */
  readonly workId: string | undefined
  /** Ends when the time is up, the client has left or the server must stop. */
  readonly signal: AbortSignal
}

/** A finished JSON document, kept gzipped; sent as it is to clients that accept gzip, and as a 304 to those that have it. */
export interface StoredDocument {
  readonly gzipped: Buffer
  readonly etag: string
}

/** A file at rest; sent whole or in part, as the request's conditions and ranges ask. */
export interface StoredFile {
  readonly bytes: number
  /** Strong: two files with the same tag are the same byte for byte. */
  readonly etag: string
  /** The bytes from `start` to `end`, the latter exclusive. */
  readonly read: (start: number, end: number) => Readable
}

type SuccessStatus = 200 | 201 | 202

type ReplyIn<Status, Media extends string, Body, HasNotModified> = Media extends 'application/json'
  ?
      | { readonly status: Status; readonly json: Body; readonly location?: string }
      | { readonly status: Status; readonly media: Media; readonly stream: Readable }
      | (HasNotModified extends true ? { readonly status: Status; readonly document: StoredDocument } : never)
  : { readonly status: Status; readonly media: Media; readonly stream: Readable; readonly filename?: string }

type Replies<Responses> = {
  [S in keyof Responses & SuccessStatus]: Responses[S] extends { content: infer Content }
    ?
        | {
            [M in keyof Content & string]: ReplyIn<S, M, Content[M], 304 extends keyof Responses ? true : false>
          }[keyof Content & string]
        | (206 extends keyof Responses ? FileReply<S, keyof Content> : never)
    : never
}[keyof Responses & SuccessStatus]

export interface FileReply<Status, Media> {
  readonly status: Status
  readonly media: Media
  readonly file: StoredFile
  readonly filename: string
}

/** Distributes over a union of ids, so that `OperationReply<OperationId>` is any answer of any operation. */
export type OperationReply<Id extends OperationId> = Id extends OperationId
  ? Replies<operations[Id]['responses']>
  : never

export type Handler<Id extends OperationId> = (request: OperationRequest<Id>) => Promise<OperationReply<Id>>

/** The handlers of the whole contract. */
export type Handlers = { readonly [Id in OperationId]: Handler<Id> }

/** The handlers of one area. */
export type AreaHandlers<Ids extends OperationId> = Pick<Handlers, Ids>
