import { UploadDropzone } from '../../src/styled/index.js'
import '../../src/styled/styles.css'

export function OwnConnection() {
  return (
    <>
      <h1>Edit 0</h1>
      <UploadDropzone endpoint="/api/uploads" purpose="user_data" />
    </>
  )
}
