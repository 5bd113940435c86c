import { decompress } from 'fzstd'
import { DomainError } from '../errors.js'
import { frameMalformed } from './refusal.js'

const MAGIC = 0xfd2fb528

/**
 * The content of a Zstandard frame, which must be exactly `length` bytes.
 * Throws `FRAME_MALFORMED` when the frame says another length or can't be decompressed.
 */
export function decompressZstd(input: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  try {
    const declared = contentSize(input)
    if (declared !== undefined && declared !== length) throw damaged()
    // Handed an output, the library makes none of the size that the frame claims.
    return decompress(input, new Uint8Array(length)) as Uint8Array<ArrayBuffer>
  } catch (error) {
    throw error instanceof DomainError ? error : damaged()
  }
}

/** The size that the frame's header tells, if it tells one. Throws a RangeError when there is no whole header. */
function contentSize(input: Uint8Array): number | undefined {
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength)
  if (view.getUint32(0, true) !== MAGIC) throw damaged()
  const descriptor = view.getUint8(4)
  const single = (descriptor >> 5) & 1
  const at = 6 - single + [0, 1, 2, 4][descriptor & 3]!
  switch (descriptor >> 6) {
    case 0:
      return single ? view.getUint8(at) : undefined
    case 1:
      return view.getUint16(at, true) + 256
    case 2:
      return view.getUint32(at, true)
    default:
      return Number(view.getBigUint64(at, true))
  }
}

function damaged(): Error {
  return frameMalformed('data that is said to be compressed with Zstandard can not be decompressed: it is damaged')
}
