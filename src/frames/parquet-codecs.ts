import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import type { CompressionCodec } from 'hyparquet'
import { DomainError } from '../errors.js'
import { decompressLz4Block } from './lz4.js'
import { frameMalformed } from './refusal.js'
import { decompressSnappy } from './snappy.js'
import { decompressZstd, loadZstd } from './zstd.js'

/** Has to be awaited before pages of these chunks are decompressed. */
export async function loadCodecs(chunks: readonly { readonly codec: CompressionCodec }[]): Promise<void> {
  if (chunks.some(({ codec }) => codec === 'ZSTD')) await loadZstd()
}

/**
 * A page's bytes, which must be exactly `length` once decompressed. Throws `FRAME_MALFORMED` when they are not, and for the codecs
 * LZO and LZ4 as Hadoop writes it, which nobody has written for years.
 */
export function decompressPage(codec: CompressionCodec, bytes: Uint8Array, length: number): Uint8Array {
  try {
    const page = decompress(codec, bytes, length)
    if (page.length === length) return page
  } catch (error) {
    if (error instanceof DomainError) throw error
  }
  throw frameMalformed(`data that is said to be compressed with ${codec} can not be decompressed: it is damaged`)
}

function decompress(codec: CompressionCodec, bytes: Uint8Array, length: number): Uint8Array {
  switch (codec) {
    case 'UNCOMPRESSED':
      return bytes
    case 'SNAPPY':
      return decompressSnappy(bytes, length)
    case 'GZIP':
      return gunzipSync(bytes, { maxOutputLength: Math.max(1, length) })
    case 'BROTLI':
      return brotliDecompressSync(bytes, { maxOutputLength: Math.max(1, length) })
    case 'ZSTD':
      return decompressZstd(bytes, length)
    case 'LZ4_RAW':
      return decompressLz4Block(bytes, length)
    default:
      throw frameMalformed(`the compression ${codec} is not read: write snappy, zstd, gzip, brotli or lz4_raw`)
  }
}
