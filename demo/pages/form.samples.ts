import type { Sample } from '../samples-of-code.js'

export const formSamples: readonly Sample[] = [
  {
    title: 'React Hook Form',
    code: `<Controller
  control={control}
  name="files"
  rules={{ required: 'Choose a file.' }}
  render={({ field, fieldState }) => (
    <UploadDropzone
      endpoint="/api/uploads"
      purpose="user_data"
      ref={field.ref}
      value={field.value}
      onValueChange={field.onChange}
      onBlur={field.onBlur}
      invalid={fieldState.error?.message}
      submitWhilePending="wait"
    />
  )}
/>`,
  },
  {
    title: 'Plain form',
    code: `<form action={apply}>
  <input name="name" required />
  {/* One hidden input a file: fileIds=file-… */}
  <UploadDropzone
    endpoint="/api/uploads"
    purpose="user_data"
    name="fileIds"
    required
  />
  <button>Send</button>
</form>`,
  },
  {
    title: 'Server',
    code: `// A server action, or any route: it gets ids, never files.
export async function apply(data: FormData) {
  const user = await requireUser()
  const fileIds = data.getAll('fileIds').map(String)
  // Whoever can send an id can send another one's:
  // keep those that onComplete told you of, and compare.
  await assertOwned(user, fileIds)
  await db.applications.insert({
    name: String(data.get('name')),
    fileIds,
  })
}`,
  },
]
