import { sql } from 'kysely'
import type { Handle } from '../postgres/handle.js'

/** A key, and the request that it stands for. */
export interface KeyValues {
  readonly holder: string
  readonly key: string
  readonly target: Buffer
  readonly body: Buffer
}

/** Who works on the request of a key. */
export interface KeyClaim {
  readonly holder: string
  readonly key: string
  readonly owner: string
}

export interface KeptAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const leaseEnd = (seconds: number) => sql<Date>`now() + make_interval(secs => ${seconds})`

/**
 * Takes a key that is new, or whose owner let go of it or fell silent, and returns the id of its work; undefined when it is taken,
 * answered, or stands for another request. Work that ended without effect is begun anew, under another id.
 */
export async function claimKey(
  db: Handle,
  values: KeyValues,
  owner: string,
  leaseSeconds: number,
): Promise<string | undefined> {
  const row = await db
    .insertInto('stage1_idempotency_keys')
    .values({
      holder: values.holder,
      key: values.key,
      target_sha256: values.target,
      body_sha256: values.body,
      owner,
      lease_until: leaseEnd(leaseSeconds),
    })
    .onConflict((conflict) =>
      conflict
        .columns(['holder', 'key'])
        .doUpdateSet({
          owner: (eb) => eb.ref('excluded.owner'),
          lease_until: (eb) => eb.ref('excluded.lease_until'),
          repeated: true,
          work_id: sql<string>`case when exists (
            select from stage1_jobs
            where stage1_jobs.job_id = stage1_idempotency_keys.work_id and stage1_jobs.status in ('FAILED', 'CANCELLED')
          ) then gen_random_uuid() else stage1_idempotency_keys.work_id end`,
        })
        .where('stage1_idempotency_keys.status', 'is', null)
        .where('stage1_idempotency_keys.lease_until', '<=', sql<Date>`now()`)
        .whereRef('stage1_idempotency_keys.target_sha256', '=', 'excluded.target_sha256')
        .whereRef('stage1_idempotency_keys.body_sha256', '=', 'excluded.body_sha256'),
    )
    .returning('work_id')
    .executeTakeFirst()
  return row?.work_id
}

export async function findKey(db: Handle, holder: string, key: string) {
  return db
    .selectFrom('stage1_idempotency_keys')
    .select(['target_sha256', 'body_sha256', 'status', 'headers', 'body'])
    .select(sql<boolean>`lease_until <= now()`.as('lapsed'))
    .where('holder', '=', holder)
    .where('key', '=', key)
    .executeTakeFirst()
}

/** When the request of this work was first sent; undefined unless it has been begun more than once. */
export async function findFirstSent(db: Handle, workId: string): Promise<Date | undefined> {
  const row = await db
    .selectFrom('stage1_idempotency_keys')
    .select('created_at')
    .where('work_id', '=', workId)
    .where('repeated', '=', true)
    .executeTakeFirst()
  return row?.created_at
}

/** A lease that was lost stays so. */
export async function renewKey(db: Handle, claim: KeyClaim, leaseSeconds: number): Promise<void> {
  await db
    .updateTable('stage1_idempotency_keys')
    .set({ lease_until: leaseEnd(leaseSeconds) })
    .where('holder', '=', claim.holder)
    .where('key', '=', claim.key)
    .where('owner', '=', claim.owner)
    .where('status', 'is', null)
    .execute()
}

/** Keeps the answer, unless somebody else owns the key by now. */
export async function keepAnswer(db: Handle, claim: KeyClaim, answer: KeptAnswer): Promise<void> {
  await db
    .updateTable('stage1_idempotency_keys')
    .set({ status: answer.status, headers: JSON.stringify(answer.headers), body: answer.body })
    .where('holder', '=', claim.holder)
    .where('key', '=', claim.key)
    .where('owner', '=', claim.owner)
    .where('status', 'is', null)
    .execute()
}

/** Lets the next request with this key take it at once; it stays bound to its request and work. */
export async function releaseKey(db: Handle, claim: KeyClaim): Promise<void> {
  await db
    .updateTable('stage1_idempotency_keys')
    .set({ lease_until: sql<Date>`now()` })
    .where('holder', '=', claim.holder)
    .where('key', '=', claim.key)
    .where('owner', '=', claim.owner)
    .where('status', 'is', null)
    .execute()
}

/** Forgets the key, unless an earlier request with it has begun work that stands: that must be found again. */
export async function forgetKey(db: Handle, claim: KeyClaim): Promise<void> {
  await db
    .deleteFrom('stage1_idempotency_keys')
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('stage1_jobs')
            .whereRef('stage1_jobs.job_id', '=', 'stage1_idempotency_keys.work_id')
            .where('stage1_jobs.status', 'not in', ['FAILED', 'CANCELLED']),
        ),
      ),
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('stage1_uploads').whereRef('stage1_uploads.upload_id', '=', 'stage1_idempotency_keys.work_id'),
        ),
      ),
    )
    .where('holder', '=', claim.holder)
    .where('key', '=', claim.key)
    .where('owner', '=', claim.owner)
    .where('status', 'is', null)
    .execute()
}

/** Deletes up to `most` keys that are older than `hours` and that nobody works on; returns how many. */
export async function deleteOldKeys(db: Handle, hours: number, most: number): Promise<number> {
  const result = await db
    .deleteFrom('stage1_idempotency_keys')
    .where(({ eb, refTuple, selectFrom }) =>
      eb(
        refTuple('holder', 'key'),
        'in',
        selectFrom('stage1_idempotency_keys')
          .select(['holder', 'key'])
          .where('created_at', '<', sql<Date>`now() - make_interval(hours => ${hours})`)
          .where((or) => or.or([or('status', 'is not', null), or('lease_until', '<=', sql<Date>`now()`)]))
          .limit(most)
          .$asTuple('holder', 'key'),
      ),
    )
    .executeTakeFirst()
  return Number(result.numDeletedRows)
}
