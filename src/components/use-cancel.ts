'use client'
import { useCallback } from 'react'
import { useRoot } from './root-context.js'

/** Cancels uploads, unless the app's `confirmCancel` says no. */
export function useCancel(undoFor: number): (ids: readonly string[]) => Promise<void> {
  const { uploader, asks } = useRoot()
  return useCallback(
    async (ids) => {
      const uploads = ids.flatMap((id) => uploader.get(id) ?? [])
      if (asks.confirmCancel && !(await asks.confirmCancel(uploads))) return
      // Last first: cancelling the first would let the next one begin, only to be cancelled in turn.
      for (const { id } of uploads.toReversed()) uploader.cancel(id, { undoFor })
    },
    [uploader, asks, undoFor],
  )
}
