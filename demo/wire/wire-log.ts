import { useSyncExternalStore } from 'react'
import type { RemoteUploadStatus } from '../../src/index.js'

/** One call as it went over the wire. */
export interface WireCall {
  readonly key: number
  readonly call: 'create' | 'part' | 'complete' | 'cancel'
  /** Which part, counted from 1 in the order of the file. */
  readonly part: number | null
  readonly path: string
  /** Of the body; null where it is a few words of JSON. */
  readonly bytes: number | null
  readonly startedAt: number
  /** HTTP status; `null` while it runs, `'lost'` where no answer came, `'stopped'` where we ended it. */
  readonly status: number | 'lost' | 'stopped' | null
  /** Ms until the answer. */
  readonly duration: number | null
  /** OpenAI's word for the Upload, as far as this answer tells it. */
  readonly upload: RemoteUploadStatus | null
}

// More than anyone reads, and few enough to draw.
const KEPT = 200

let calls: readonly WireCall[] = []
let count = 0
const listeners = new Set<() => void>()

function set(next: readonly WireCall[]): void {
  calls = next
  for (const listener of listeners) listener()
}

/** Writes down that a call begins; the returned function writes down how it ended. */
export function beginCall(call: Pick<WireCall, 'call' | 'part' | 'path' | 'bytes'>) {
  count += 1
  const begun: WireCall = {
    ...call,
    key: count,
    startedAt: performance.now(),
    status: null,
    duration: null,
    upload: null,
  }
  set([begun, ...calls].slice(0, KEPT))
  return (end: Pick<WireCall, 'status' | 'upload'>) => {
    const ended = { ...begun, ...end, duration: performance.now() - begun.startedAt }
    set(calls.map((other) => (other.key === begun.key ? ended : other)))
  }
}

/** The newest first. */
export function useWire(): readonly WireCall[] {
  return useSyncExternalStore(subscribe, () => calls)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
