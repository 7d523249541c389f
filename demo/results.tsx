import { useEffect, useState } from 'react'
import type { UploadedFile } from '../src/index.js'

/** What the app gets: file ids. With the demo's own API, each file can be read back. */
export function Results({ files }: { files: readonly UploadedFile[] }) {
  const readable = useInspection(files.length > 0)
  return (
    <section className="results" aria-labelledby="results">
      <h2 id="results">What your app gets</h2>
      {files.length === 0 ? (
        <p className="quiet">
          A file id. Each file goes in parts, through the app’s own server, to OpenAI’s Uploads API; when OpenAI has put
          it together, its id is here and in the row.
        </p>
      ) : (
        <ul>
          {files.map(({ fileId, name }) => (
            <li key={fileId}>
              <bdi dir="auto">{name}</bdi>
              {readable ? <a href={`/api/demo/files/${fileId}/content`}>{fileId}</a> : <code>{fileId}</code>}
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

/** Whether files can be read back: only from the embedded API, never from a real account. */
function useInspection(wanted: boolean): boolean {
  const [available, setAvailable] = useState(false)
  useEffect(() => {
    if (!wanted) return undefined
    const ask = new AbortController()
    fetch('/api/demo/files', { method: 'HEAD', signal: ask.signal }).then(
      ({ ok }) => setAvailable(ok),
      () => {}, // not there: the ids alone are shown
    )
    return () => ask.abort()
  }, [wanted])
  return available
}
