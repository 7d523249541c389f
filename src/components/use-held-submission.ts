'use client'
import { type RefObject, useEffect, useRef } from 'react'
import { countForm, needsAttention } from './form-state.js'
import { useRoot, useRootState } from './root-context.js'
import { uploadsOf } from './root-store.js'
import { useFormCounts } from './use-form-message.js'
import { useLatest } from './use-latest.js'
import { countOf } from './wording.js'

interface Held {
  form: HTMLFormElement
  submitter: HTMLElement | null
  /** Uploads that had failed before: the person went on without them. */
  lostBefore: ReadonlySet<string>
}

/** `submitWhilePending: 'wait'`: holds a submission back, and asks for it again once nothing is pending any more. */
export function useHeldSubmission(controlRef: RefObject<HTMLInputElement | null>): void {
  const { store, uploader, formRules, wording } = useRoot()
  const submission = useRootState((state) => state.submission)
  const { pending } = useFormCounts()
  const heldRef = useRef<Held | null>(null)
  const latestRef = useLatest({ formRules, wording })

  useEffect(() => {
    const control = controlRef.current
    const root = control?.getRootNode()
    const listen = (event: Event) => {
      if (event.target !== control?.form || event.defaultPrevented || control?.disabled) return
      const form = event.target as HTMLFormElement
      const { formRules: rules, wording: words } = latestRef.current
      const uploads = uploadsOf(store, uploader)
      const pending = countForm(uploads).pending + (store.getState().reading ? 1 : 0)
      if (rules.submitWhilePending !== 'wait' || pending === 0) return store.setSubmission('none')
      event.preventDefault()
      // Before the app, or React, hears of it.
      event.stopImmediatePropagation()
      const lostBefore = new Set(uploads.filter(needsAttention).map(({ id }) => id))
      heldRef.current = { form, submitter: (event as SubmitEvent).submitter, lostBefore }
      store.setSubmission('held')
      store.say('polite', words.messages.formHeld(countOf(pending, words)))
    }
    root?.addEventListener('submit', listen, true)
    return () => root?.removeEventListener('submit', listen, true)
  }, [controlRef, latestRef, store, uploader])

  const isOver = submission === 'held' && pending === 0
  useEffect(() => {
    if (!isOver) return undefined
    // A turn later, so that what the app made of the last file is in what it submits.
    const timer = setTimeout(() => {
      const held = heldRef.current
      heldRef.current = null
      if (!held) return
      const lost = uploadsOf(store, uploader).filter(
        (upload) => needsAttention(upload) && !held.lostBefore.has(upload.id),
      )
      if (lost.length === 0) return submitAgain(held)
      const { wording: words } = latestRef.current
      store.setSubmission('stopped')
      store.say('assertive', words.messages.formStopped(countOf(lost.length, words)))
    })
    return () => clearTimeout(timer)
  }, [isOver, latestRef, store, uploader])
}

function submitAgain({ form, submitter }: Held): void {
  // The button may have left the form while it waited.
  if (submitter && (submitter as HTMLButtonElement).form === form) form.requestSubmit(submitter)
  else form.requestSubmit()
}
