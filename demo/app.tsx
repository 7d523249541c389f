import { useRef, useState } from 'react'
import type { Purpose, UploadedFile } from '../src/index.js'
import { UploadDropzone } from '../src/styled/index.js'
import '../src/styled/styles.css'
import { Appearance } from './appearance.js'
import { PurposeSelect } from './purpose-select.js'
import { Results } from './results.js'
import { SampleFiles } from './sample-files.js'
import { Snippets } from './snippets.js'

export function App() {
  const [purpose, setPurpose] = useState<Purpose>('user_data')
  const [files, setFiles] = useState<readonly UploadedFile[]>([])
  const uploadArea = useRef<HTMLDivElement>(null)
  return (
    <div className="page">
      <header>
        <h1>react-openai-uploads</h1>
        <Appearance />
      </header>
      <main>
        <section aria-label="Upload files">
          <div className="above">
            <PurposeSelect value={purpose} onChange={setPurpose} />
            <SampleFiles into={uploadArea} purpose={purpose} />
          </div>
          <div ref={uploadArea}>
            <UploadDropzone endpoint="/api/uploads" resumeKey="demo" purpose={purpose} onValueChange={setFiles} />
          </div>
          <Results files={files} />
        </section>
        <Snippets />
      </main>
    </div>
  )
}
