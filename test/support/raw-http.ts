/** HTTP as bytes on a socket, for requests that no client library would send. */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

const ANSWER_LIMIT_MS = 15_000
const LATE = `no whole answer within ${ANSWER_LIMIT_MS / 1000} s, only`

export interface RawAnswer {
  readonly status: number
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** Statuses before the last one, such as 100. */
  readonly interim: readonly number[]
}

export interface RawRequest {
  readonly socket: Socket
  write(bytes: string | Uint8Array): void
  /** Resolves with the interim status, e.g. 100, as soon as it is there. */
  interim(): Promise<number>
  /** The answer, once it is whole or the server has closed the connection. */
  answer(): Promise<RawAnswer>
}

/** Opens a connection and sends the head of a request; the body, if any, is written by the caller. */
export async function rawRequest(
  url: string,
  requestLine: string,
  headers: Readonly<Record<string, string>>,
): Promise<RawRequest> {
  const { hostname, port, host } = new URL(url)
  const socket = connect(Number(port), hostname)
  await once(socket, 'connect')
  let received = ''
  let closed = false
  let late = false
  let wake = () => {}
  socket.setEncoding('utf8').on('data', (text) => {
    received += text
    wake()
  })
  socket.on('error', () => {})
  const timer = setTimeout(() => {
    late = true
    socket.destroy()
  }, ANSWER_LIMIT_MS)
  socket.on('close', () => {
    clearTimeout(timer)
    closed = true
    wake()
  })
  const lines = Object.entries({ host, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.write(`${requestLine} HTTP/1.1\r\n${lines.join('')}\r\n`)

  async function until<T>(found: () => T | undefined): Promise<T> {
    for (;;) {
      const value = found()
      if (value !== undefined) return value
      if (closed)
        throw new Error(`${late ? LATE : 'the connection closed after'} ${JSON.stringify(received.slice(0, 300))}`)
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }

  return {
    socket,
    write: (bytes) => {
      socket.write(bytes)
    },
    interim: () => until(() => /^HTTP\/1\.1 (1\d\d) /.exec(received)?.slice(1).map(Number)[0]),
    async answer() {
      const answer = await until(() => parsed(received, closed))
      socket.destroy()
      return answer
    },
  }
}

function parsed(received: string, closed: boolean): RawAnswer | undefined {
  const interim: number[] = []
  let rest = received
  for (;;) {
    const end = rest.indexOf('\r\n\r\n')
    if (end < 0) return undefined
    const [statusLine = '', ...lines] = rest.slice(0, end).split('\r\n')
    const status = Number(statusLine.split(' ')[1])
    rest = rest.slice(end + 4)
    if (status >= 100 && status < 200) {
      interim.push(status)
      continue
    }
    const headers = Object.fromEntries(
      lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
    )
    const whole =
      headers['content-length'] !== undefined && Buffer.byteLength(rest) >= Number(headers['content-length'])
    return whole || closed ? { status, headers, body: rest, interim } : undefined
  }
}
