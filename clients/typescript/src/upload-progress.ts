/** Sending from a browser with word of how much has left, which fetch does not give there. */

/** As much of the browser's own as is used here: where this is compiled for Node its types are not known. */
declare class XMLHttpRequest {
  readonly upload: { onprogress: ((event: { readonly loaded: number }) => void) | null }
  readonly status: number
  readonly statusText: string
  readonly response: unknown
  responseType: 'arraybuffer'
  onload: (() => void) | null
  onloadend: (() => void) | null
  onerror: (() => void) | null
  onabort: (() => void) | null
  open(method: string, url: string): void
  setRequestHeader(name: string, value: string): void
  getAllResponseHeaders(): string
  send(body: Blob | Uint8Array<ArrayBuffer> | string): void
  abort(): void
}

/**
 * Sends the body with the request's method, address and headers.
 * @param onProgress told how many bytes have left
 * @throws TypeError when the server can't be reached or does not allow this origin, as fetch does; the signal's reason
 */
export function sentAndTold(
  { method, url, headers, signal }: Request,
  body: Blob | Uint8Array<ArrayBuffer> | string,
  onProgress: (bytes: number) => void,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason)
    const sent = new XMLHttpRequest()
    const stop = () => sent.abort()
    signal.addEventListener('abort', stop, { once: true })
    sent.onloadend = () => signal.removeEventListener('abort', stop)
    sent.upload.onprogress = ({ loaded }) => onProgress(loaded)
    sent.onload = () => resolve(answerOf(sent))
    sent.onerror = () => reject(new TypeError('the server could not be reached'))
    sent.onabort = () => reject(signal.reason)
    sent.open(method, url)
    sent.responseType = 'arraybuffer'
    headers.forEach((value, name) => {
      sent.setRequestHeader(name, value)
    })
    sent.send(body)
  })
}

function answerOf(sent: XMLHttpRequest): Response {
  const headers = new Headers()
  for (const line of sent.getAllResponseHeaders().trim().split('\r\n')) {
    const at = line.indexOf(':')
    if (at > 0) headers.append(line.slice(0, at), line.slice(at + 1).trim())
  }
  return new Response(sent.response as ArrayBuffer, { status: sent.status, statusText: sent.statusText, headers })
}
