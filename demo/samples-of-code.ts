export interface Sample {
  title: string
  code: string
}

export const styled: Sample = {
  title: 'Component',
  code: `import { UploadDropzone } from 'react-openai-uploads/styled'
import 'react-openai-uploads/styles.css'

<UploadDropzone endpoint="/api/uploads" purpose="user_data"
  onComplete={(file) => save(file.id)} />`,
}

export const headless: Sample = {
  title: 'Parts',
  code: `import { Uploads } from 'react-openai-uploads'

const Row = ({ id }: { id: string }) => (
  <Uploads.Item id={id} className="row">
    <Uploads.ItemThumbnail />
    <Uploads.ItemName />
    <Uploads.ItemStatus />
    <Uploads.ItemProgress className="bar" />
    <Uploads.ItemActivity />
    <Uploads.ItemPause />
    <Uploads.ItemCancel undoFor={5000} />
    <Uploads.ItemRetry />
    <Uploads.ItemRemove />
  </Uploads.Item>
)

<Uploads.Root endpoint="/api/uploads" purpose="user_data">
  <Uploads.Dropzone className="zone">
    <Uploads.Trigger>Choose files</Uploads.Trigger>
    <Uploads.Limits />
  </Uploads.Dropzone>
  <Uploads.Rejections />
  <Uploads.List item={Row} />
</Uploads.Root>`,
}

export const hook: Sample = {
  title: 'Hook',
  code: `import { useUpload } from 'react-openai-uploads'

const upload = useUpload({ purpose: 'user_data' })

<input type="file"
  onChange={({ target }) => upload.start(target.files[0])} />
<progress value={upload.progress.fraction} />
<button onClick={() => upload.cancel()}>Cancel</button>`,
}

export const server: Sample = {
  title: 'Server',
  code: `// app/api/uploads/[[...path]]/route.ts
import { createUploadsHandler } from 'react-openai-uploads/server'

const handler = createUploadsHandler({
  // It never leaves the server.
  apiKey: () => process.env.OPENAI_API_KEY,
  secret: () => process.env.UPLOADS_SECRET,
  purposes: ['user_data'],
  authorize: async (request) => {
    const user = await userOf(request) // your session
    return user && { userId: user.id } // null is 401
  },
})

export { handler as GET, handler as POST }`,
}
