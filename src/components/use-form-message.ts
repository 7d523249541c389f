'use client'
import { useMemo } from 'react'
import { countForm, type FormCounts, type FormMessage, formMessageOf } from './form-state.js'
import { useRoot, useRootState, useRootUploads } from './root-context.js'

/** The list in the form's numbers; files that are still being checked are on their way as well. */
export function useFormCounts(): FormCounts {
  const counts = useRootUploads(countForm)
  const reading = useRootState((state) => state.reading)
  return useMemo(() => (reading ? { ...counts, pending: counts.pending + 1 } : counts), [counts, reading])
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
