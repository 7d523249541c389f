import { useState } from 'react'
import { Controller, useForm } from 'react-hook-form'
import type { UploadedFile } from 'react-openai-uploads'
import { UploadDropzone } from 'react-openai-uploads/styled'

export interface Application {
  name: string
  files: readonly UploadedFile[]
}

const empty: Application = { name: '', files: [] }

export function ApplicationForm({ onSend }: { onSend: (application: Application) => void | Promise<void> }) {
  const { control, register, handleSubmit, reset, formState } = useForm<Application>({ defaultValues: empty })
  const { errors, isSubmitting } = formState
  const [sent, setSent] = useState(false)
  const send = async (application: Application) => {
    await onSend(application)
    setSent(true)
    reset(empty)
  }
  return (
    <form onSubmit={(event) => void handleSubmit(send)(event)}>
      <p>
        <label htmlFor="name">Name</label>{' '}
        <input
          id="name"
          autoComplete="name"
          aria-invalid={errors.name !== undefined}
          aria-describedby="name-error"
          {...register('name', { required: 'Enter your name.' })}
        />{' '}
        <span id="name-error">{errors.name?.message}</span>
      </p>
      {/* Without a `name` it posts nothing: its value is the form's. While uploads run, it holds the submission back. */}
      <Controller
        control={control}
        name="files"
        rules={{ required: 'Choose a file.' }}
        render={({ field, fieldState }) => (
          <UploadDropzone
            purpose="user_data"
            aria-label="Documents"
            ref={field.ref}
            value={field.value}
            onValueChange={field.onChange}
            onBlur={field.onBlur}
            disabled={isSubmitting}
            invalid={fieldState.error?.message}
          />
        )}
      />
      <p>
        <button type="submit">Send</button>{' '}
        <button type="button" onClick={() => reset(empty)}>
          Start over
        </button>
      </p>
      <output>{sent && 'Your application was sent.'}</output>
    </form>
  )
}
