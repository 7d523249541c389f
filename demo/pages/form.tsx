import { useState } from 'react'
import { Controller, useForm } from 'react-hook-form'
import { type UploadedFile, UploadsProvider, useUploadGuards } from '../../src/index.js'
import { UploadDropzone } from '../../src/styled/index.js'
import { APPLICATIONS_PATH, type Receipt } from '../application-desk.js'
import { Code } from '../code.js'
import { connection } from '../connection.js'
import { formSamples } from './form.samples.js'
import './form.css'

interface Fields {
  name: string
  files: readonly UploadedFile[]
}

const empty: Fields = { name: '', files: [] }

/** Files as a field of a form: what is posted is their ids. */
export function FormPage() {
  const [receipt, setReceipt] = useState<Receipt | string | null>(null)
  return (
    <UploadsProvider {...connection}>
      <div className="pair">
        <section aria-labelledby="form-title">
          <h2 id="form-title">Apply</h2>
          <p className="quiet">React Hook Form, with the files as one of its fields.</p>
          <ApplicationForm onAnswer={setReceipt} />
          <output className="quiet">
            {receipt !== null && (typeof receipt === 'string' ? receipt : `Sent. Thank you, ${receipt.name}.`)}
          </output>
          {receipt !== null && typeof receipt !== 'string' && <Posted receipt={receipt} />}
        </section>
        <Code samples={formSamples} />
      </div>
    </UploadsProvider>
  )
}

function ApplicationForm({ onAnswer }: { onAnswer: (answer: Receipt | string | null) => void }) {
  const { control, register, handleSubmit, reset, formState } = useForm<Fields>({ defaultValues: empty })
  const { errors, isSubmitting } = formState
  useUploadGuards()
  const send = async ({ name, files }: Fields) => {
    onAnswer(null)
    const answer = await post({ name, fileIds: files.map(({ fileId }) => fileId) })
    onAnswer(answer)
    if (typeof answer !== 'string') reset(empty)
  }
  return (
    <form className="form" noValidate onSubmit={(event) => void handleSubmit(send)(event)}>
      <div className="field">
        <label htmlFor="name">Name</label>
        <input
          id="name"
          type="text"
          autoComplete="name"
          aria-invalid={errors.name !== undefined}
          aria-describedby="name-error"
          {...register('name', { required: 'Enter your name.' })}
        />
        <p id="name-error" className="field-error">
          {errors.name?.message}
        </p>
      </div>
      <div className="field">
        <span id="documents">Documents</span>
        <Controller
          control={control}
          name="files"
          rules={{ required: 'Choose a file.', validate: (files) => files.length > 0 || 'Choose a file.' }}
          render={({ field, fieldState }) => (
            <UploadDropzone
              purpose="user_data"
              aria-labelledby="documents"
              ref={field.ref}
              value={field.value}
              onValueChange={field.onChange}
              onBlur={field.onBlur}
              disabled={isSubmitting}
              invalid={fieldState.error?.message}
              maxFiles={5}
              submitWhilePending="wait"
              thumbnails
            />
          )}
        />
      </div>
      <div className="form-actions">
        <button type="submit" className="primary">
          Send
        </button>
        <button type="button" onClick={() => reset(empty)}>
          Start over
        </button>
      </div>
    </form>
  )
}

async function post(application: { name: string; fileIds: readonly string[] }): Promise<Receipt | string> {
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(application) }
  const answer = await fetch(APPLICATIONS_PATH, init).catch(() => null)
  if (answer?.ok) return (await answer.json()) as Receipt
  return answer?.status === 422 ? await answer.text() : 'It could not be sent. Try again.'
}

/** What arrived at the app's own route, and what it found at the API under these ids. */
function Posted({ receipt: { name, files } }: { receipt: Receipt }) {
  const body = JSON.stringify({ name, fileIds: files.map(({ id }) => id) }, null, 2)
  return (
    <section className="panel posted" aria-label="What was posted">
      <h2>POST {APPLICATIONS_PATH}</h2>
      <pre dir="ltr">
        <code>{body}</code>
      </pre>
      <p className="quiet">
        The server looked them up: {files.map(({ filename, bytes }) => `${filename} (${bytes} bytes)`).join(', ')}.
      </p>
    </section>
  )
}
