/** The limits on requests, as the settings have them. */
import type { Context } from 'koa'
import type { Config } from '../config.js'
import { placesAtOnce } from './at-once.js'
import { perMinute } from './limits.js'
import { secretTries } from './secret-tries.js'
import type { SharedCounts } from './shared-counts.js'

const address = (ctx: Context): string => ctx.ip
const token = (ctx: Context): string => ctx.state.tokenId
const everybody = () => 'all'

/** @param counts where processes count together, if they do */
export function limitsOf(limits: Config['limits'], counts: SharedCounts | undefined) {
  const limit = (name: string, max: number, identify: (ctx: Context) => string) =>
    perMinute({ name, max, identify }, counts)
  return {
    byAddress: limit('address', limits.address_per_minute, address),
    byToken: limit('token', limits.token_per_minute, token),
    byCost: {
      writing: limit('writing', limits.writing_per_minute, token),
      heavy: limit('heavy', limits.heavy_per_minute, token),
    },
    secretTries: secretTries(
      limit('secret', limits.secret_tries_per_minute, address),
      limit('all_secrets', limits.all_secret_tries_per_minute, everybody),
    ),
    takePlace: placesAtOnce({
      exports: limits.exports_at_once,
      queries: limits.queries_at_once,
      streams: limits.streams_at_once,
    }),
  }
}
