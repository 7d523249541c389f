import { Profiler, useEffect, useState } from 'react'
import { Uploads } from 'react-openai-uploads'
import { UploadDropzone } from 'react-openai-uploads/styled'
import 'react-openai-uploads/styles.css'

/** Times that something in each list was drawn: of the list as a whole, and of one row of it. */
export const drawn = { commits: 0, rows: 0 }

function Counted({ children }) {
  return (
    <Profiler
      id="list"
      onRender={() => {
        drawn.commits += 1
      }}
    >
      {children}
    </Profiler>
  )
}

function CountedRow({ children }) {
  return (
    <Profiler
      id="row"
      onRender={() => {
        drawn.rows += 1
      }}
    >
      {children}
    </Profiler>
  )
}

/** The ready-made component: it draws the rows in view. */
function Styled({ uploader }) {
  return (
    <Counted>
      <UploadDropzone uploader={uploader} purpose="user_data" accept=".bin" />
    </Counted>
  )
}

const Row = ({ id }) => (
  <CountedRow>
    <Uploads.Item id={id}>
      <Uploads.ItemName /> <Uploads.ItemStatus /> <Uploads.ItemProgress /> <Uploads.ItemActivity />{' '}
      <Uploads.ItemCancel />
    </Uploads.Item>
  </CountedRow>
)

/** The unstyled parts: every row is in the page. */
function Parts({ uploader }) {
  return (
    <Counted>
      <Uploads.Root uploader={uploader} purpose="user_data" accept=".bin">
        <Uploads.Dropzone>
          <Uploads.Trigger>Choose files</Uploads.Trigger>
        </Uploads.Dropzone>
        <Uploads.Summary />
        <Uploads.List item={Row} />
      </Uploads.Root>
    </Counted>
  )
}

/** The same engine and the same rows, drawn as one would at first: all of it, in a state that each event sets. */
function Naive({ uploader, onEvent }) {
  const [rows, setRows] = useState([])
  useEffect(() => onEvent(() => setRows(uploader.getSnapshot().ids.map((id) => uploader.get(id)))), [uploader, onEvent])
  const add = (files) => {
    for (const file of files) void uploader.run(uploader.add(file))
    setRows(uploader.getSnapshot().ids.map((id) => uploader.get(id)))
  }
  return (
    <Counted>
      <input type="file" multiple onChange={(event) => add(event.target.files)} />
      <ul>
        {rows.map(({ id, file, progress, status }) => (
          <CountedRow key={id}>
            <li>
              <span>{file.name}</span> <span>{status}</span>
              <progress value={progress.percent ?? 0} max={100} aria-label={file.name} />
              <span>{`${progress.bytesSent} of ${progress.bytesTotal} bytes`}</span>
              <button type="button">Cancel</button>
            </li>
          </CountedRow>
        ))}
      </ul>
    </Counted>
  )
}

export const lists = { styled: Styled, parts: Parts, naive: Naive }
