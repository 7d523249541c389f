// A server component that renders the kit's parts: 'use client' must have survived the build.
import { UploadDropzone } from 'react-openai-uploads/styled'
import { Checksum } from './checksum.jsx'

export default function Page() {
  return (
    <main>
      <Checksum />
      <UploadDropzone endpoint="/api/uploads" purpose="user_data" />
    </main>
  )
}
