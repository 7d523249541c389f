import { useRef, useState } from 'react'
import {
  type Purpose,
  type UploadedFile,
  type UploadsHandle,
  UploadsProvider,
  useUploadGuards,
} from '../../src/index.js'
import { UploadDropzone } from '../../src/styled/index.js'
import { Code } from '../code.js'
import { connection } from '../connection.js'
import { LabPanel } from '../lab/lab-panel.js'
import { ownProxy } from '../own-proxy.js'
import { PartMap } from '../part-map.js'
import { ProxyChoice } from '../proxy-choice.js'
import { PurposeSelect } from '../purpose-select.js'
import { Results } from '../results.js'
import { SampleFiles } from '../sample-files.js'
import { headless, hook, server, styled } from '../samples-of-code.js'
import { WireView } from '../wire/wire-view.js'

/** Uploads, and a network to try them on. */
export function Landing() {
  return (
    <UploadsProvider {...connection} resumeKey={ownProxy ?? 'demo'}>
      <div className="landing">
        <UploadArea />
        <div className="aside">
          <LabPanel />
          <ProxyChoice />
        </div>
        <WireView />
        <Code samples={[styled, headless, hook, server]} />
      </div>
    </UploadsProvider>
  )
}

function UploadArea() {
  const [purpose, setPurpose] = useState<Purpose>('user_data')
  const [files, setFiles] = useState<readonly UploadedFile[]>([])
  const list = useRef<UploadsHandle>(null)
  useUploadGuards()
  return (
    <section className="upload-area" aria-label="Upload files">
      <div className="above">
        <SampleFiles into={list} purpose={purpose} />
        <PurposeSelect value={purpose} onChange={setPurpose} />
      </div>
      <UploadDropzone ref={list} purpose={purpose} onValueChange={setFiles} thumbnails />
      <PartMap />
      <Results files={files} />
    </section>
  )
}
