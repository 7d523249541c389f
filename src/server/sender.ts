import { Refusal } from './answer.js'
import type { Settings } from './settings.js'

/** A request's body, read under a clock. */
export interface Sender {
  /** The next chunk; rejects with a Refusal (408) when the sender is too slow, and with what the body gives else. */
  read(): Promise<ReadableStreamReadResult<Uint8Array>>
  /** Aborted with that Refusal, also while nobody reads. */
  readonly cut: AbortSignal
  /** Lets go of the body and of the clock; whatever was not read stays unread. */
  release(reason?: unknown): Promise<void>
}

/** Reads a body for as long as it keeps coming: who sends a byte a minute may not hold a place for hours. */
export function openSender(body: ReadableStream<Uint8Array> | null, settings: Settings): Sender {
  const { now, setTimer, senderLimits } = settings
  const [idle, total] = [senderLimits.idleSeconds * 1000, senderLimits.totalSeconds * 1000]
  const reader = (body ?? new Blob([]).stream()).getReader()
  const cut = new AbortController()
  const openedAt = now()
  let received = 0
  // Ms that were spent waiting so far, and since when a read waits now.
  let waited = 0
  let waitingSince: number | null = null
  let rejectRead: (refusal: Refusal) => void = () => {}
  let stopTimer = () => {}

  const isTooSlow = (time: number): boolean => {
    const waiting = waitingSince === null ? 0 : time - waitingSince
    const floor = (senderLimits.bytesPerSecond * (waited + waiting)) / 1000
    return waiting >= idle || time - openedAt >= total || (waited + waiting >= idle && received < floor)
  }
  const check = () => {
    const time = now()
    if (isTooSlow(time)) {
      const refusal = new Refusal(408, 'timeout', 'The body came too slowly.')
      rejectRead(refusal)
      cut.abort(refusal)
      void release(refusal)
    } else {
      const wait = waitingSince === null ? idle : idle - (time - waitingSince)
      stopTimer = setTimer(check, Math.min(wait, total - (time - openedAt)))
    }
  }
  const release = async (reason?: unknown) => {
    stopTimer()
    await reader.cancel(reason).catch(() => {})
  }
  check()

  return {
    async read() {
      cut.signal.throwIfAborted()
      waitingSince = now()
      try {
        const chunk = await new Promise<ReadableStreamReadResult<Uint8Array>>((resolve, reject) => {
          rejectRead = reject
          reader.read().then(resolve, reject)
        })
        if (chunk.done) stopTimer()
        else received += chunk.value.byteLength
        return chunk
      } finally {
        waited += now() - waitingSince
        waitingSince = null
      }
    },
    cut: cut.signal,
    release,
  }
}
