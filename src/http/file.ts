/** Sending a file at rest: whole, in part (RFC 9110 §14), or not at all to a client that has it. */
import type { Context } from 'koa'
import { DomainError } from '../errors.js'
import type { FileReply, StoredFile } from './contract.js'

/** @throws DomainError RANGE_NOT_SATISFIABLE when the file ends before the range begins */
export function writeFile(ctx: Context, { media, file, filename }: FileReply<number, string>): void {
  const known = matchesETag(ctx.get('if-none-match'), file.etag)
  const range = known ? undefined : rangeWanted(ctx, file)
  ctx.set({ ETag: file.etag, 'Accept-Ranges': 'bytes', 'Cache-Control': 'private, no-cache' })
  if (known) {
    ctx.status = 304
    return
  }
  if (range) {
    ctx.status = 206
    ctx.set('Content-Range', `bytes ${range.start}-${range.end - 1}/${file.bytes}`)
  }
  const { start, end } = range ?? { start: 0, end: file.bytes }
  ctx.attachment(filename)
  ctx.type = media
  ctx.body = file.read(start, end)
  ctx.length = end - start
}

/** Weak comparison of RFC 9110 §13.1.2. */
export function matchesETag(ifNoneMatch: string, etag: string): boolean {
  return ifNoneMatch.split(',').some((candidate) => {
    const value = candidate.trim()
    return value === '*' || value.replace(/^W\//, '') === etag
  })
}

/** The part to send; undefined for the whole file, also for what need not be understood: other units, several ranges. */
function rangeWanted(ctx: Context, { bytes, etag }: StoredFile): { start: number; end: number } | undefined {
  const ifRange = ctx.get('if-range')
  if (ifRange !== '' && ifRange !== etag) return undefined
  const [, first = '', last = ''] = /^bytes=\s*(\d*)-(\d*)\s*$/i.exec(ctx.get('range')) ?? []
  if (first === '' && last === '') return undefined
  if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined
  const start = first === '' ? Math.max(0, bytes - Number(last)) : Number(first)
  const end = first === '' || last === '' ? bytes : Math.min(bytes, Number(last) + 1)
  if (start < end) return { start, end }
  throw new DomainError('RANGE_NOT_SATISFIABLE', `the file has ${bytes} bytes, and the range begins behind them`, {
    bytes,
  })
}
