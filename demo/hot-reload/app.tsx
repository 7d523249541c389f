import { phaseOf, type UploadSnapshot, useUpload, useUploader, useUploads } from '../../src/index.js'
import { UploadDropzone } from '../../src/styled/index.js'
import '../../src/styled/styles.css'

export function App() {
  const upload = useUpload({ purpose: 'user_data' })
  const uploads = useUploads((all) => all.uploads)
  return (
    <>
      <h1>Edit 0</h1>
      <UploadDropzone purpose="user_data" />
      <input
        type="file"
        aria-label="One file"
        onChange={({ target }) => target.files?.[0] && upload.start(target.files[0])}
      />
      <output aria-label="One upload">{upload.status === 'idle' ? 'idle' : phaseOf(upload)}</output>
      <ul aria-label="All uploads">
        {[...uploads.values()].map((each) => (
          <Row key={each.id} upload={each} />
        ))}
      </ul>
    </>
  )
}

function Row({ upload }: { upload: UploadSnapshot }) {
  const { pause, resume, retry } = useUploader()
  return (
    <li data-phase={phaseOf(upload)}>
      {upload.file.name}
      <button type="button" onClick={() => pause(upload.id)}>
        Pause
      </button>
      <button type="button" onClick={() => void resume(upload.id)}>
        Resume
      </button>
      <button type="button" onClick={() => retry(upload.id)}>
        Retry
      </button>
    </li>
  )
}
