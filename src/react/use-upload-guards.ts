'use client'

import { useEffect } from 'react'
import { useUploads } from './use-uploads.js'

export interface UploadGuards {
  /** Asks before the page is left while something is under way. @default true */
  leave?: boolean
  /** Keeps the screen from going to sleep meanwhile, where the browser can. @default true */
  wakeLock?: boolean
}

/** Guards uploads that are under way against a closed tab and a sleeping device. Throws `invalid_options` outside a provider. */
export function useUploadGuards({ leave = true, wakeLock = true }: UploadGuards = {}): void {
  const busy = useUploads((snapshot) => snapshot.summary.active > 0)
  useEffect(() => (busy && leave ? guardLeaving() : undefined), [busy, leave])
  useEffect(() => (busy && wakeLock ? keepAwake() : undefined), [busy, wakeLock])
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
  const request = async () => {
    if (document.visibilityState !== 'visible') return
    try {
      const granted = await navigator.wakeLock?.request('screen')
      if (ended) await granted?.release()
      else lock = granted ?? null
    } catch {
      // Battery saver or policy: uploads survive sleep as well.
    }
  }
  // Browsers take the lock away whenever the page is hidden.
  const renew = () => void request()
  document.addEventListener('visibilitychange', renew)
  renew()
  return () => {
    ended = true
    document.removeEventListener('visibilitychange', renew)
    void lock?.release().catch(() => {})
  }
}
