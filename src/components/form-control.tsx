'use client'
import {
  type FormEvent,
  type FormEventHandler,
  type ReactNode,
  useEffect,
  useMemo,
  useRef,
  useSyncExternalStore,
} from 'react'
import type { UploadSnapshot } from '../core/index.js'
import { validityOf } from './form-state.js'
import { keepEqual } from './keep-equal.js'
import { useRoot, useRootState } from './root-context.js'
import { uploadsOf } from './root-store.js'
import { useFormCounts } from './use-form-message.js'
import { useFormReset } from './use-form-reset.js'
import { useHeldSubmission } from './use-held-submission.js'
import { visuallyHidden } from './visually-hidden.js'

interface FormControlProps {
  name: string | undefined
  form: string | undefined
  onInvalid: FormEventHandler<HTMLInputElement> | undefined
  onReset: () => void
}

/**
 * A Root as its form sees it: a hidden input for each completed file, and one text input that nobody sees or types in,
 * because browsers ask hidden inputs nothing before they submit.
 */
export function FormControl({ name, form, onInvalid, onReset }: FormControlProps): ReactNode {
  const { store, formRules, disabled, readOnly, wording } = useRoot()
  const inputRef = useRef<HTMLInputElement>(null)
  const counts = useFormCounts()
  const submission = useRootState((state) => state.submission)
  const validity = validityOf(counts, formRules, wording)

  useEffect(() => inputRef.current?.setCustomValidity(validity), [validity])
  useEffect(() => {
    // What was complained about is put right; the next complaint is the next submission's.
    const settled = submission === 'refused' ? validity === '' : submission === 'stopped' && counts.attention === 0
    if (settled) store.setSubmission('none')
  }, [submission, validity, counts.attention, store])
  useHeldSubmission(inputRef)
  useFormReset(inputRef, onReset)

  const focusTrigger = () => store.trigger?.focus()
  const refuse = (event: FormEvent<HTMLInputElement>) => {
    onInvalid?.(event)
    if (event.defaultPrevented) return
    // Ours is the message beside the button; the browser's would point at something nobody can see.
    event.preventDefault()
    store.setSubmission('refused')
    const input = event.currentTarget
    if (input.form && firstInvalidOf(input.form) === input) {
      silenceOthers(input.form)
      focusTrigger()
    }
  }
  return (
    <>
      {name !== undefined && <FileIds name={name} form={form} />}
      <input
        ref={inputRef}
        data-slot="upload-form-control"
        type="text"
        form={form}
        disabled={disabled || readOnly}
        tabIndex={-1}
        aria-hidden="true"
        autoComplete="off"
        style={visuallyHidden}
        onFocus={focusTrigger}
        onInvalid={refuse}
      />
    </>
  )
}

/** What is posted: the ids of the completed files, in the order they are shown. */
function FileIds({ name, form }: { name: string; form: string | undefined }): ReactNode {
  const { store, uploader, uploads, disabled } = useRoot()
  const read = useMemo(() => {
    const keep = keepEqual(fileIdsOf)
    return () => keep(uploadsOf(store, uploader))
  }, [store, uploader])
  const fileIds = useSyncExternalStore(uploads.subscribe, read, read)
  return fileIds.map((fileId) => (
    <input key={fileId} type="hidden" name={name} value={fileId} form={form} disabled={disabled} />
  ))
}

function fileIdsOf(uploads: readonly UploadSnapshot[]): string[] {
  return uploads.flatMap((upload) => (upload.status === 'completed' ? [upload.fileObject.id] : []))
}

function firstInvalidOf(form: HTMLFormElement): Element | undefined {
  return [...form.elements].find((element) => {
    const { willValidate, validity } = element as HTMLInputElement
    return willValidate && !validity.valid
  })
}

/** Browsers report the first problem only. We report ours ourselves, so they would go on to the next one and focus that. */
function silenceOthers(form: HTMLFormElement): void {
  const silence = (event: Event) => event.preventDefault()
  form.addEventListener('invalid', silence, true)
  setTimeout(() => form.removeEventListener('invalid', silence, true))
}
