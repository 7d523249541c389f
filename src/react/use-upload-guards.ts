'use client'

import { useEffect } from 'react'
import type { UploaderSnapshot } from '../core/index.js'
import { useUploads } from './use-uploads.js'

export interface UploadGuards {
  /** Asks before the page is left while something is under way, also while it waits for a connection or a sign-in. @default true */
  leave?: boolean
  /** Keeps the screen from going to sleep while something is sent, where the browser can. @default true */
  wakeLock?: boolean
}

/** Guards uploads that are under way against a closed tab and a sleeping device. Throws `invalid_options` outside a provider. */
export function useUploadGuards({ leave = true, wakeLock = true }: UploadGuards = {}): void {
  const underWay = useUploads(isUnderWay)
  const sending = useUploads((uploads) => uploads.summary.active > 0)
  useEffect(() => (underWay && leave ? guardLeaving() : undefined), [underWay, leave])
  useEffect(() => (sending && wakeLock ? keepAwake() : undefined), [sending, wakeLock])
}

/** Whether something would be lost that goes on by itself; what a person has paused asks nobody to stay. */
function isUnderWay({ summary, uploads }: UploaderSnapshot): boolean {
  if (summary.active > 0) return true
  for (const upload of uploads.values()) {
    if (upload.status === 'paused' && (upload.reason === 'offline' || upload.reason === 'auth')) return true
  }
  return false
}

function guardLeaving(): () => void {
  // The words are the browser's own; it asks only people who have done something on the page.
  const ask = (event: BeforeUnloadEvent) => event.preventDefault()
  window.addEventListener('beforeunload', ask)
  return () => window.removeEventListener('beforeunload', ask)
}

function keepAwake(): () => void {
  let ended = false
  let lock: WakeLockSentinel | null = null
  let steps = Promise.resolve()
  const step = async () => {
    if (ended) await lock?.release()
    else if (document.visibilityState === 'visible' && (!lock || lock.released)) {
      lock = (await navigator.wakeLock?.request('screen')) ?? null
    }
  }
  // One after the other: a lock that is granted late must not be lost from sight by the next. One that is refused, by a
  // battery saver or a policy, is no loss: uploads survive sleep as well.
  const takeStep = () => {
    steps = steps.then(step).catch(() => {})
  }
  // Browsers take the lock away whenever the page is hidden.
  document.addEventListener('visibilitychange', takeStep)
  takeStep()
  return () => {
    ended = true
    document.removeEventListener('visibilitychange', takeStep)
    takeStep()
  }
}
