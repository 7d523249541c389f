import { isSettled } from '../src/core/index.js'
import { type UploaderSnapshot, type UploadSnapshot, Uploads, useUploads } from '../src/index.js'

/** The file that moves, or else the last one, part by part. A Root of its own, as it is no row of the list. */
export function PartMap() {
  const id = useUploads(activeId)
  if (id === null) return null
  return (
    <Uploads.Root className="ou-root" announcements="off">
      <Uploads.Item id={id} key={id} render={<figure className="part-map" data-slot="demo-part-map" />}>
        <figcaption>
          <span>
            Parts of <Uploads.ItemName />
          </span>
          <Legend />
        </figcaption>
        <Uploads.ItemPartMap className="ou-part-map" />
      </Uploads.Item>
    </Uploads.Root>
  )
}

function Legend() {
  return (
    <span className="legend" aria-hidden="true">
      {['accepted', 'sending', 'retried', 'waiting'].map((kind) => (
        <span key={kind} data-kind={kind}>
          {legend[kind as keyof typeof legend]}
        </span>
      ))}
    </span>
  )
}

const legend = { accepted: 'at OpenAI', sending: 'on its way', retried: 'again', waiting: 'waiting' }

function activeId({ ids, uploads }: UploaderSnapshot): string | null {
  const known = ids.filter((id) => (uploads.get(id)?.progress.parts.size ?? null) !== null)
  const last = (holds: (upload: UploadSnapshot) => boolean) =>
    known.findLast((id) => {
      const upload = uploads.get(id)
      return upload !== undefined && holds(upload)
    })
  return (
    last(({ progress }) => progress.sending.length > 0) ?? last((upload) => !isSettled(upload)) ?? known.at(-1) ?? null
  )
}
