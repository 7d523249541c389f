'use client'
import { useActionState } from 'react'
import type { UploadedFile } from 'react-openai-uploads'
import { UploadDropzone } from 'react-openai-uploads/styled'

/** What the form begins with, and what became of it last. */
export interface ArticleState {
  title: string
  files: readonly UploadedFile[]
  message?: string
  error?: string
}

export type Publish = (state: ArticleState, form: FormData) => Promise<ArticleState>

export function ArticleForm({ publish }: { publish: Publish }) {
  const [state, action, isPending] = useActionState(publish, { title: '', files: [] })
  return (
    <form action={action}>
      <p>
        <label htmlFor="title">Title</label> <input id="title" name="title" defaultValue={state.title} required />
      </p>
      <UploadDropzone
        purpose="user_data"
        aria-label="Attachments"
        name="fileIds"
        required
        submitWhilePending="wait"
        defaultValue={state.files}
        invalid={state.error}
      />
      <p>
        <button type="submit" disabled={isPending}>
          Publish
        </button>
      </p>
      <output>{state.message}</output>
    </form>
  )
}
