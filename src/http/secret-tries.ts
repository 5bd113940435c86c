/**
 * Tries at the shared secret, in the operation whose contract says `x-tries-secret`: few from one address, and few from all together. A try
 * counts while it is looked at, so that many at once are no more than many in turn, and for the rest of its minute when the secret was wrong.
 */
import type { Context } from 'koa'
import type { Operation } from 'openapi-backend'
import { isDomainError } from '../errors.js'
import type { Limiter } from './limits.js'

export type SecretTries = (ctx: Context, operation: Operation, work: () => Promise<void>) => Promise<void>

export function secretTries(ofAddress: Limiter, ofAll: Limiter): SecretTries {
  return async (ctx, operation, work) => {
    const { 'x-tries-secret': tries } = operation as { 'x-tries-secret'?: boolean }
    if (!tries) return work()
    await ofAddress.count(ctx)
    try {
      await ofAll.count(ctx)
    } catch (error) {
      await ofAddress.takeBack(ctx)
      throw error
    }
    const takeBack = () => Promise.all([ofAddress.takeBack(ctx), ofAll.takeBack(ctx)])
    try {
      await work()
    } catch (error) {
      if (!isDomainError(error, 'SECRET_WRONG')) await takeBack()
      throw error
    }
    await takeBack()
  }
}
