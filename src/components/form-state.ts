import type { UploadSnapshot } from '../core/index.js'
import type { Submission } from './root-store.js'
import { countOf, type Wording } from './wording.js'

/** What a submission does while uploads are under way: is refused, waits for them, or leaves them out. */
export type SubmitWhilePending = 'block' | 'wait' | 'allow'

export interface FormRules {
  readonly required: boolean
  readonly submitWhilePending: SubmitWhilePending
}

/** A list as its form sees it; flat, so that it is read again only when a number has changed. */
export interface FormCounts {
  /** Files that are not done yet and will be, if nobody stops them. */
  readonly pending: number
  readonly completed: number
  /** Failed or expired: left out unless someone does something. */
  readonly attention: number
}

/** What the form has to say about a list, to be shown beside it. */
export interface FormMessage {
  readonly text: string
  readonly tone: 'danger' | 'neutral'
}

export function countForm(uploads: readonly UploadSnapshot[]): FormCounts {
  const count = (holds: (upload: UploadSnapshot) => boolean) => uploads.filter(holds).length
  return {
    pending: count(isPending),
    completed: count(({ status }) => status === 'completed'),
    attention: count(needsAttention),
  }
}

/** One that an earlier page left behind is not: without its file it goes nowhere, and a form must not wait for ever. */
function isPending(upload: UploadSnapshot): boolean {
  switch (upload.status) {
    case 'queued':
    case 'creating':
    case 'uploading':
    case 'completing':
      return true
    case 'paused':
      return upload.reason !== 'restored'
    default:
      return false
  }
}

export function needsAttention({ status }: UploadSnapshot): boolean {
  return status === 'failed' || status === 'expired'
}

/** Why the form may not be submitted, in words for the person; '' when it may. */
export function validityOf({ pending, completed }: FormCounts, rules: FormRules, wording: Wording): string {
  const { messages } = wording
  if (pending > 0 && rules.submitWhilePending === 'block') return messages.formPending(countOf(pending, wording))
  // What it waits for may be the file it needs; it is asked again before it goes.
  if (pending > 0 && rules.submitWhilePending === 'wait') return ''
  return rules.required && completed === 0 ? messages.formRequired : ''
}

/** What to show: what became of the submission, before what the app itself has found. */
export function formMessageOf(
  submission: Submission,
  counts: FormCounts,
  rules: FormRules,
  invalid: boolean | string,
  wording: Wording,
): FormMessage | null {
  const { messages } = wording
  switch (submission) {
    case 'held':
      return { text: messages.formHeld(countOf(counts.pending, wording)), tone: 'neutral' }
    case 'stopped':
      return { text: messages.formStopped(countOf(counts.attention, wording)), tone: 'danger' }
    case 'refused': {
      const text = validityOf(counts, rules, wording)
      if (text !== '') return { text, tone: 'danger' }
    }
  }
  return typeof invalid === 'string' && invalid !== '' ? { text: invalid, tone: 'danger' } : null
}
