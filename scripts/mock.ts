/**
 * The contract without a server behind it: requests are checked against it, and answered with its examples. For who builds a client before
 * there is a database; nothing is stored, no token is asked for, and web pages of any origin may call it. Of answers with several forms
 * it has the JSON: Arrow and Parquet need a server.
 */
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import addFormatsModule from 'ajv-formats'
import { type Context, type Document, OpenAPIBackend, type Operation } from 'openapi-backend'
import { ROOT } from './root.js'

const PORT = Number(process.env.PORT ?? 8081)

const JSON_MEDIA = 'application/json'

interface Answer {
  readonly status: number
  readonly media: string
  readonly body: unknown
}

const document = JSON.parse(readFileSync(join(ROOT, 'generated/openapi.json'), 'utf8')) as Document
const backend = new OpenAPIBackend({
  definition: document,
  coerceTypes: true,
  ajvOpts: { validateSchema: false, strict: false },
  // Its own check of the document takes links that send a body for wrong.
  quick: true,
  customizeAjv: (ajv) => addFormatsModule.default(ajv as never) as never,
  securityHandlers: { stage1_token: () => true, stream_ticket: () => true },
  handlers: {
    notImplemented: async (context: Context): Promise<Answer> => example(context),
    validationFail: async (context: Context): Promise<Answer> =>
      isFrame(context)
        ? example(context)
        : problem(400, 'REQUEST_INVALID', 'the contract does not allow this request', context.validation.errors),
    notFound: async (): Promise<Answer> => problem(404, 'ROUTE_NOT_FOUND', 'the contract has nothing there'),
    methodNotAllowed: async (): Promise<Answer> => problem(405, 'METHOD_NOT_ALLOWED', 'not by this method'),
  },
})
await backend.init()

const server = createServer((request, response) => {
  answer(request, response).catch((error) => {
    response.writeHead(500).end(String(error))
  })
})
server.listen(PORT, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  console.log(`The contract's examples on http://127.0.0.1:${port} until Ctrl-C`)
})

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const cross = {
    'Access-Control-Allow-Origin': '*',
    'Access-Control-Allow-Headers': '*',
    'Access-Control-Allow-Methods': '*',
  }
  if (request.method === 'OPTIONS') {
    response.writeHead(204, cross).end()
    return
  }
  const url = new URL(request.url ?? '/', 'http://mock')
  const { status, media, body } = (await backend.handleRequest({
    method: request.method ?? 'GET',
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: request.headers as Record<string, string>,
    body: await bodyOf(request),
  })) as Answer
  response.writeHead(status, { ...cross, 'Content-Type': media, 'X-Stage1-Version': document.info.version })
  response.end(typeof body === 'string' ? body : JSON.stringify(body))
}

function example({ api, operation }: Context): Answer {
  const operationId = operation.operationId as string
  const { status } = api.mockResponseForOperation(operationId)
  const media = mediaOf(operation, status)
  return { status, media, body: api.mockResponseForOperation(operationId, { mediaType: media }).mock }
}

/** Whether what is wrong is only that a body in one of the operation's other forms is no JSON. */
function isFrame({ operation, request, validation }: Context): boolean {
  const [media = ''] = String(request.headers['content-type'] ?? '').split(';')
  const { content = {} } = (operation.requestBody ?? {}) as { readonly content?: object }
  const ofBody = ({ instancePath, params }: { instancePath: string; params: object }) =>
    instancePath.startsWith('/requestBody') || Object.values(params).includes('requestBody')
  return media !== JSON_MEDIA && media in content && (validation.errors ?? []).every(ofBody)
}

/** JSON where the contract has it, else what it names first. */
function mediaOf({ responses }: Operation, status: number): string {
  const { content = {} } = (responses?.[status] ?? {}) as { readonly content?: object }
  const named = Object.keys(content)
  return named.includes(JSON_MEDIA) ? JSON_MEDIA : (named[0] ?? JSON_MEDIA)
}

/** JSON is looked at; anything else is read, and `isFrame` lets it pass. */
async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const isJson = request.headers['content-type']?.startsWith(JSON_MEDIA)
  const chunks: Buffer[] = []
  for await (const chunk of request) if (isJson) chunks.push(chunk as Buffer)
  if (!isJson) return undefined
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch {
    return undefined
  }
}

function problem(status: number, code: string, message: string, details?: unknown): Answer {
  const body = { error: message, message, code, status, details }
  return { status, media: 'application/problem+json', body }
}
