'use client'
import { useMemo } from 'react'
import { type FormCounts, type FormMessage, formMessageOf } from './form-state.js'
import { useRoot, useRootState, useTotals } from './root-context.js'

/** The list in the form's numbers; files that are still being checked are on their way as well. */
export function useFormCounts(): FormCounts {
  const unfinished = useTotals(({ queued, active, paused, offline }) => queued + active + paused + offline)
  const completed = useTotals((totals) => totals.completed)
  const attention = useTotals((totals) => totals.attention)
  const reading = useRootState((state) => state.reading !== null)
  const pending = reading ? unfinished + 1 : unfinished
  return useMemo(() => ({ pending, completed, attention }), [pending, completed, attention])
}

/** What the form has to say about this list at the moment, and whether that makes the list invalid. */
export function useFormMessage(): { message: FormMessage | null; invalid: boolean } {
  const { formRules, invalid, wording } = useRoot()
  const submission = useRootState((state) => state.submission)
  const counts = useFormCounts()
  const message = useMemo(
    () => formMessageOf(submission, counts, formRules, invalid, wording),
    [submission, counts, formRules, invalid, wording],
  )
  return { message, invalid: message ? message.tone === 'danger' : invalid !== false && invalid !== '' }
}
