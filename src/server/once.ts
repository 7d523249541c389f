import {
  type CompleteUploadRequest,
  HEADERS,
  isRecord,
  parseRemoteUpload,
  type RemoteUpload,
} from '../protocol/index.js'
import { Refusal } from './answer.js'
import type { CreateRequest } from './hooks.js'
import { parseJson } from './json-body.js'
import type { Metadata } from './options.js'
import type { Relayed } from './relay.js'
import type { UploadsStore } from './store.js'
import { digestOf, type StoreCalls } from './store-calls.js'
import type { UploadClaims } from './token.js'

/** An Upload that was made, with what its token needs and OpenAI does not say. */
export interface Made {
  relayed: Relayed<RemoteUpload>
  nonce: string
  /** As `onCreate` left it. */
  metadata: Metadata
}

/** Calls that are made once, however often they are asked for. */
export interface Once {
  /** Creates one Upload for all tries with a key, ten minutes long; `again` is true for all but the first. */
  createOnce(userId: string, key: string, asked: CreateRequest, call: () => Promise<Made>): Promise<OnceMade>
  /** Completes an Upload once: asking again gives the first answer, and `first` is true for nobody else. */
  completeOnce(
    claims: UploadClaims,
    wanted: CompleteUploadRequest,
    call: () => Promise<Relayed<RemoteUpload>>,
  ): Promise<{ relayed: Relayed<RemoteUpload>; first: boolean }>
}

export type OnceMade = Made & { again: boolean }

/** Seconds that a call keeps others out; if its instance dies, the browser may ask again after them. */
const LOCK_SECONDS = 60

/** As long as a browser goes on trying by itself. */
const CREATED_SECONDS = 600

const keys = {
  creating: (of: string) => `uploads:creating:${of}`,
  created: (of: string) => `uploads:created:${of}`,
  completing: (uploadId: string) => `uploads:completing:${uploadId}`,
  completed: (uploadId: string) => `uploads:completed:${uploadId}`,
}

export interface OnceOptions {
  store: UploadsStore
  calls: StoreCalls
  /** Seconds that the end of an upload is remembered: longer than its token is taken. */
  completedSeconds: number
}

export function createOnces({ store, calls: { ask, tell }, completedSeconds }: OnceOptions): Once {
  /** Keeps others out while `call` runs, on whatever instance they are. */
  async function alone<T>(key: string, what: string, call: () => Promise<T>): Promise<T> {
    if (!(await ask(store.put(key, '1', LOCK_SECONDS)))) {
      throw new Refusal(503, 'upstream_error', `This upload is being ${what}. Ask again in a moment.`, {
        headers: { 'retry-after': '2' },
      })
    }
    try {
      return await call()
    } finally {
      await tell(store.delete(key), undefined)
    }
  }

  const readCreated = async (key: string, digest: string): Promise<OnceMade | null> => {
    const kept = parseJson((await ask(store.get(key))) ?? '')
    const upload = isRecord(kept) ? parseRemoteUpload(kept.upload) : null
    if (!isRecord(kept) || !upload || typeof kept.nonce !== 'string' || !isMetadata(kept.metadata)) return null
    if (kept.digest !== digest) {
      const message = `This ${HEADERS.key} was used for another upload. Take a new one.`
      throw new Refusal(422, 'invalid_request', message, { param: HEADERS.key })
    }
    return { relayed: { value: upload, headers: {} }, nonce: kept.nonce, metadata: kept.metadata, again: true }
  }

  const readCompleted = async (uploadId: string, digest: string): Promise<RemoteUpload | null> => {
    const kept = parseJson((await ask(store.get(keys.completed(uploadId)))) ?? '')
    const upload = isRecord(kept) ? parseRemoteUpload(kept.upload) : null
    // Another list of parts is another question, and OpenAI's to answer.
    return isRecord(kept) && kept.digest === digest && upload?.id === uploadId ? upload : null
  }

  return {
    async createOnce(userId, key, { wanted, metadata }, call) {
      // A key is its user's own: what another sends under the same is another create.
      const of = await digestOf(JSON.stringify([userId, key]))
      const digest = await digestOf(JSON.stringify([wanted, metadata]))
      const earlier = await readCreated(keys.created(of), digest)
      if (earlier) return earlier
      return alone(keys.creating(of), 'created', async () => {
        // Made between the look and the lock.
        const meanwhile = await readCreated(keys.created(of), digest)
        if (meanwhile) return meanwhile
        const made = await call()
        const text = JSON.stringify({
          digest,
          upload: made.relayed.value,
          nonce: made.nonce,
          metadata: made.metadata,
        })
        const first = await tell(store.put(keys.created(of), text, CREATED_SECONDS), true)
        // The lock has run out meanwhile, and another instance was faster: its Upload is the one that all tries get.
        const faster = first ? null : await tell(readCreated(keys.created(of), digest), null)
        return faster ?? { ...made, again: false }
      })
    },

    async completeOnce({ uploadId }, wanted, call) {
      const digest = await digestOf(JSON.stringify(wanted))
      const again = (value: RemoteUpload) => ({ relayed: { value, headers: {} }, first: false })
      const earlier = await readCompleted(uploadId, digest)
      if (earlier) return again(earlier)
      return alone(keys.completing(uploadId), 'completed', async () => {
        try {
          const relayed = await call()
          if (relayed.value.status !== 'completed') return { relayed, first: false }
          const text = JSON.stringify({ digest, upload: relayed.value })
          return { relayed, first: await tell(store.put(keys.completed(uploadId), text, completedSeconds), true) }
        } catch (error) {
          // The lock may have run out meanwhile, and another instance may have been faster.
          const later = await tell(readCompleted(uploadId, digest), null)
          if (later) return again(later)
          throw error
        }
      })
    },
  }
}

function isMetadata(value: unknown): value is Metadata {
  return isRecord(value) && Object.values(value).every((text) => typeof text === 'string')
}
