/** The thread that looks at large JSON: it says whether it is good, and where it can be cut. */
import { parentPort } from 'node:worker_threads'
import { yieldToEventLoop } from '../background.js'
import { toErrorRecord } from '../errors.js'
import { JsonBounds } from '../frames/json-bounds.js'
import { slicesOf } from '../frames/json-slices.js'
import { parseMember } from '../frames/small-member.js'
import { refuseUnstorable } from '../records/storable.js'
import { digestOf } from './digest.js'
import { parseJson } from './json.js'
import type { JsonReply, JsonRequest, JsonVerdict, JsonWork } from './json-work.js'

yieldToEventLoop()
parentPort?.on('message', (request: JsonRequest) => parentPort?.postMessage(replyTo(request)))

function replyTo({ id, work }: JsonRequest): JsonReply {
  try {
    return { id, verdict: verdictOn(work) }
  } catch (error) {
    const failed = toErrorRecord(error)
    return failed.code === 'INTERNAL' ? { id, failed, stack: String((error as Error)?.stack ?? error) } : { id, failed }
  }
}

/** @throws DomainError for what is wrong with the text */
function verdictOn(work: JsonWork): JsonVerdict {
  if ('member' in work) {
    const bounds = new JsonBounds(work.maxValues)
    bounds.values = work.values
    const { text, pointer } = work.member
    refuseUnstorable(parseMember(work.member, bounds), pointer)
    return { slices: slicesOf(text), digest: '', values: bounds.values }
  }
  parseJson(work.text, work.maxValues, work.declared)
  return { slices: slicesOf(work.text), digest: digestOf(work.text), values: 0 }
}
