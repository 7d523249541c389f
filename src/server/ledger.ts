import { DEFAULT_PART_BYTES, UPLOAD_LIFETIME_SECONDS } from '../protocol/index.js'
import { Refusal } from './answer.js'
import { createOnces, type Once } from './once.js'
import type { UploadsQuotas } from './options.js'
import type { UploadsStore } from './store.js'
import { callStore, digestOf } from './store-calls.js'
import type { UploadClaims } from './token.js'

/** What a store adds to a handler: every method throws a Refusal, or does nothing where there is nothing to count. */
export interface Ledger extends Once {
  /** Counts a create against the user's quotas; the returned function takes it back, when there will be no Upload. */
  begin(userId: string, nonce: string, bytes: number): Promise<() => Promise<void>>
  /** An Upload that has ended is open no longer. */
  end(userId: string, claims: UploadClaims): Promise<void>
  isRevoked(uploadId: string): Promise<boolean>
  /** Counts a part of `bytes` at most; the returned function says how many bytes OpenAI has taken, or may have. */
  beginPart(userId: string, claims: UploadClaims, bytes: number): Promise<(taken: number) => Promise<void>>
}

/**
 * A lost reply leaves a part at OpenAI that the browser sends again: a file may cost this many times its size, and one
 * part more, so that a small one may be tried often.
 */
const MAX_COPIES = 3

/** Seconds until a browser asks again for a place that others hold. */
const HELD_RETRY_SECONDS = 5

/** Longer than any token is taken, so that nothing comes back to life: two hours of Azure's, a day for cancel. */
const TOKEN_SECONDS = 26 * 3600

const keys = {
  creates: (user: string) => `uploads:creates:${user}`,
  open: (user: string) => `uploads:open:${user}`,
  day: (user: string) => `uploads:day:${user}`,
  parts: (user: string) => `uploads:parts:${user}`,
  bytes: (uploadId: string) => `uploads:bytes:${uploadId}`,
  revoked: (uploadId: string) => `uploads:revoked:${uploadId}`,
}

/** Ends an Upload's token: from now on no instance with this store takes it. */
export async function revokeUpload(store: UploadsStore, uploadId: string): Promise<void> {
  await store.put(keys.revoked(uploadId), '1', TOKEN_SECONDS)
}

export interface LedgerOptions {
  store: UploadsStore
  quotas: UploadsQuotas
  /** Seconds that a part may take. */
  partSeconds: number
  /** Told when what follows an answer goes wrong: the answer stands. */
  onTrouble: (error: unknown) => void
}

export function createLedger({ store, quotas, partSeconds, onTrouble }: LedgerOptions): Ledger {
  const { createsPerMinute, openUploads, bytesPerDay, partsAtOnce } = quotas

  const calls = callStore(onTrouble)
  const { ask, tell } = calls
  const none = { total: 0, resetsIn: 0 }

  const limitRate = async (user: string) => {
    if (createsPerMinute === undefined) return
    const { total, resetsIn } = await ask(store.count(keys.creates(user), 1, 60))
    if (total > createsPerMinute) throw tooMany('rate_limited', 'Too many uploads in a minute.', resetsIn)
  }
  const limitDay = async (user: string, bytes: number) => {
    if (bytesPerDay === undefined) return
    const { total, resetsIn } = await ask(store.count(keys.day(user), bytes, 86_400))
    if (total <= bytesPerDay) return
    await tell(store.count(keys.day(user), -bytes, 86_400), none)
    throw tooMany('quota_exceeded', 'The bytes of this day are used up.', resetsIn)
  }
  /** Takes one of `most` places; gives it back at once when there was none. */
  const takePlace = async (key: string, member: string, most: number | undefined, seconds: number, what: string) => {
    if (most === undefined || (await ask(store.hold(key, member, seconds))) <= most) return
    await tell(store.release(key, member), undefined)
    throw tooMany('rate_limited', what, HELD_RETRY_SECONDS * 1000)
  }

  return {
    ...createOnces({ store, calls, completedSeconds: TOKEN_SECONDS }),

    async begin(userId, nonce, bytes) {
      const user = await digestOf(userId)
      await limitRate(user)
      const what = 'Too many uploads are open. Finish or cancel one.'
      await takePlace(keys.open(user), nonce, openUploads, UPLOAD_LIFETIME_SECONDS, what)
      const leave = async () => {
        if (openUploads !== undefined) await tell(store.release(keys.open(user), nonce), undefined)
      }
      try {
        await limitDay(user, bytes)
      } catch (error) {
        await leave()
        throw error
      }
      return async () => {
        await leave()
        if (bytesPerDay !== undefined) await tell(store.count(keys.day(user), -bytes, 86_400), none)
      }
    },

    async end(userId, claims) {
      if (openUploads === undefined) return
      await tell(store.release(keys.open(await digestOf(userId)), claims.nonce), undefined)
    },

    isRevoked: async (uploadId) => (await ask(store.get(keys.revoked(uploadId)))) !== null,

    async beginPart(userId, { uploadId, bytes: declared, nonce }, bytes) {
      const user = await digestOf(userId)
      const member = `${nonce}:${crypto.randomUUID()}`
      await takePlace(keys.parts(user), member, partsAtOnce, partSeconds, 'Too many parts at once.')
      const count = (amount: number) => store.count(keys.bytes(uploadId), amount, TOKEN_SECONDS)
      const finish = async (taken: number) => {
        if (partsAtOnce !== undefined) await tell(store.release(keys.parts(user), member), undefined)
        if (taken !== bytes) await tell(count(taken - bytes), none)
      }
      const { total } = await ask(count(bytes))
      if (total <= MAX_COPIES * declared + DEFAULT_PART_BYTES) return finish
      await finish(0)
      throw new Refusal(429, 'quota_exceeded', 'More bytes were sent for this upload than the file has.', {
        headers: { 'x-should-retry': 'false' },
      })
    },
  }
}

function tooMany(code: 'rate_limited' | 'quota_exceeded', message: string, waitMs: number): Refusal {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000))
  return new Refusal(429, code, message, { headers: { 'retry-after': String(seconds) } })
}
