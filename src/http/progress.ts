/**
 * Ends bodies that come, and answers that are taken, so slowly that only their number could be meant. A slow line is no fault: what counts
 * is that a client who is waited for moves at least `LEAST_BYTES_PER_SECOND` all the time. Who waits for the server is never ended.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { DomainError } from '../errors.js'

const LEAST_BYTES_PER_SECOND = 1000

/**
 * Watches a body until the returned function is called.
 * @param onSlow is told once when too little has come for `seconds`
 */
export function watchBody(req: IncomingMessage, seconds: number, onSlow: (error: DomainError) => void): () => void {
  let before = req.socket.bytesRead
  const timer = setInterval(() => {
    const came = req.socket.bytesRead - before
    before += came
    // Bytes that wait to be read are not missing: it is this server that is slow then.
    if (req.complete || req.readableLength > 0 || came >= seconds * LEAST_BYTES_PER_SECOND) return
    clearInterval(timer)
    const sentence = `less than ${LEAST_BYTES_PER_SECOND} bytes of the body a second came for ${seconds} s`
    onSlow(new DomainError('BODY_TOO_SLOW', sentence, { seconds, bytes: came }))
  }, seconds * 1000)
  return () => clearInterval(timer)
}

/** Cuts an answer off whose reader takes too little for `seconds`. */
export function watchAnswer(res: ServerResponse, seconds: number, onSlow: () => void): void {
  const window = seconds / 2
  let before: Outgoing = { taken: 0, waiting: 0 }
  const timer = setInterval(() => {
    const now = outgoing(res.socket)
    const isSlow = before.waiting > 0 && now.waiting > 0 && now.taken - before.taken < window * LEAST_BYTES_PER_SECOND
    before = now
    if (!isSlow) return
    clearInterval(timer)
    onSlow()
    res.destroy()
  }, window * 1000)
  res.once('close', () => clearInterval(timer))
}

interface Outgoing {
  /** Bytes that the system has taken over. */
  readonly taken: number
  /** Bytes that it has not. */
  readonly waiting: number
}

/** Of a large piece that is on its way only the handle knows how far it has got. */
function outgoing(socket: Socket | null): Outgoing {
  const handle = (socket as unknown as { _handle?: { bytesWritten: number; writeQueueSize: number } } | null)?._handle
  if (!handle) return { taken: 0, waiting: 0 }
  return { taken: handle.bytesWritten - handle.writeQueueSize, waiting: handle.writeQueueSize }
}
