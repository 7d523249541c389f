// An app with a dropzone, built from what is published. What it tells its user, it leaves in `window.outcomes`.
import { createRoot } from 'react-dom/client'
import { createProxyFetcher } from '../dist/core/index.js'
import { UploadsProvider } from '../dist/index.js'
import { UploadDropzone } from '../dist/styled/index.js'

window.outcomes = []
window.partsSent = 0

const fetcher = createProxyFetcher({ endpoint: '/api/uploads' })
const counting = {
  ...fetcher,
  addPart: (...args) => {
    window.partsSent += 1
    return fetcher.addPart(...args)
  },
}
const tell = ({ file }, outcome, fileId = null) => {
  window.outcomes.push({ name: file.name, outcome, fileId })
  window.onOutcome(file.name)
}

createRoot(document.getElementById('root')).render(
  <UploadsProvider fetcher={counting} uploaderOptions={{ partSize: 2 ** 20 }}>
    <UploadDropzone
      purpose="user_data"
      onComplete={(fileObject, upload) => tell(upload, 'completed', fileObject.id)}
      onError={(error, upload) => tell(upload, error.code)}
      onReject={(rejections) => rejections.forEach(({ file, error }) => tell({ file }, `rejected: ${error?.code}`))}
    />
  </UploadsProvider>,
)
