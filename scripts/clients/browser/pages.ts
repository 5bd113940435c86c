/** Web pages of an origin: an empty page, and the compiled client with the packages that it needs, as a browser loads them without a bundler. */
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, type ServerResponse } from 'node:http'
import { join, normalize } from 'node:path'
import { ROOT } from '../../root.js'

const IMPORTS = {
  '@stage1/client': '/clients/typescript/dist/index.js',
  '@stage1/client/arrow': '/clients/typescript/dist/arrow.js',
  'openapi-fetch': '/node_modules/openapi-fetch/dist/index.mjs',
  'apache-arrow': '/node_modules/apache-arrow/Arrow.dom.mjs',
  flatbuffers: '/node_modules/flatbuffers/mjs/flatbuffers.js',
  tslib: '/node_modules/tslib/tslib.es6.mjs',
  'json-with-bigint': '/node_modules/json-with-bigint/json-with-bigint.js',
}
const PAGE = `<!doctype html><title>Stage1</title><link rel="icon" href="data:,">
<script type="importmap">${JSON.stringify({ imports: IMPORTS })}</script>`
const SERVED = ['clients/typescript/dist', 'node_modules', 'scripts/clients/browser'].map((folder) =>
  join(ROOT, folder),
)

export interface Pages {
  readonly origin: string
  close(): void
}

/** Serves them on this port of 127.0.0.1 until they are closed. */
export async function servePages(port: number): Promise<Pages> {
  const server = createServer((request, response) => {
    answer(request.url ?? '/', response).catch(() => response.destroy())
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const close = () => {
    server.close()
    server.closeAllConnections()
  }
  return { origin: originOf(port), close }
}

export function originOf(port: number): string {
  return `http://127.0.0.1:${port}`
}

async function answer(target: string, response: ServerResponse): Promise<void> {
  const { pathname } = new URL(target, 'http://pages')
  if (pathname === '/') {
    response.writeHead(200, { 'Content-Type': 'text/html' }).end(PAGE)
    return
  }
  const path = normalize(join(ROOT, pathname))
  const isServed = SERVED.some((folder) => path.startsWith(`${folder}/`))
  const script = isServed ? await readFile(path).catch(() => undefined) : undefined
  response.writeHead(script ? 200 : 404, { 'Content-Type': 'text/javascript' }).end(script)
}
