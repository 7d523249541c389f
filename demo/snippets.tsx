const snippets = [
  {
    title: 'A component',
    code: `import { UploadDropzone } from 'react-openai-uploads/styled'
import 'react-openai-uploads/styles.css'

<UploadDropzone endpoint="/api/uploads" purpose="user_data"
  onComplete={(file) => save(file.id)} />`,
  },
  {
    title: 'Or a hook',
    code: `import { useUpload } from 'react-openai-uploads'

const upload = useUpload({ purpose: 'user_data' })

<input type="file"
  onChange={({ target }) => upload.start(target.files[0])} />
<progress value={upload.progress.fraction} />
<button onClick={() => upload.cancel()}>Cancel</button>`,
  },
  {
    title: 'And a route, which keeps the key',
    code: `import {
  createUploadsHandler,
} from 'react-openai-uploads/server'

export const handler = createUploadsHandler({
  apiKey: () => process.env.OPENAI_API_KEY,
  secret: () => process.env.UPLOADS_SECRET,
  purposes: ['user_data'],
  // { userId }, or null for whoever is not signed in
  authorize: (request) => userOf(request),
})`,
  },
]

export function Snippets() {
  return (
    <aside className="snippets" aria-label="Code">
      {snippets.map(({ title, code }) => (
        <figure key={title}>
          <figcaption>{title}</figcaption>
          {/* Code reads from left to right everywhere. */}
          <pre dir="ltr">
            <code>{code}</code>
          </pre>
        </figure>
      ))}
    </aside>
  )
}
