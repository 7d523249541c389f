import './wire.css'
import { useWire, type WireCall } from './wire-log.js'

/** Every call of this page to its backend, while it happens: the four calls of the Uploads API and its four statuses. */
export function WireView() {
  const calls = useWire()
  return (
    <details className="wire" open>
      <summary>
        <h2>On the wire</h2> <span className="quiet">{calls.length === 0 ? 'Nothing yet' : totalsOf(calls)}</span>
      </summary>
      {calls.length > 0 && (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls has to scroll with the keyboard, too
        <section className="wire-scroll" aria-label="Calls to the backend" tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th scope="col">Call</th>
                <th scope="col">Request</th>
                <th scope="col">Status</th>
                <th scope="col" className="figure">
                  Bytes
                </th>
                <th scope="col" className="figure">
                  Time
                </th>
                <th scope="col">Upload</th>
              </tr>
            </thead>
            <tbody>
              {calls.map((call) => (
                <Call key={call.key} call={call} />
              ))}
            </tbody>
          </table>
        </section>
      )}
    </details>
  )
}

function Call({ call: { call, part, path, bytes, status, duration, upload } }: { call: WireCall }) {
  return (
    <tr data-call={call} data-tone={toneOf(status)}>
      <th scope="row">{part === null ? call : `part ${part}`}</th>
      <td title={path}>
        POST <bdi dir="ltr">{shorten(path)}</bdi>
      </td>
      <td className="status">{status ?? 'under way'}</td>
      <td className="figure">{bytes === null ? '–' : megabytes(bytes)}</td>
      <td className="figure">{duration === null ? '…' : time(duration)}</td>
      <td>{upload ?? ''}</td>
    </tr>
  )
}

function toneOf(status: WireCall['status']): 'moving' | 'neutral' | 'good' | 'bad' {
  if (status === null) return 'moving'
  if (status === 'stopped') return 'neutral'
  return status === 'lost' || status >= 400 ? 'bad' : 'good'
}

function totalsOf(calls: readonly WireCall[]): string {
  const bad = calls.filter(({ status }) => toneOf(status) === 'bad').length
  const moving = calls.filter(({ status }) => status === null).length
  return [
    `${calls.length} ${calls.length === 1 ? 'call' : 'calls'}`,
    moving > 0 && `${moving} under way`,
    bad > 0 && `${bad} refused or lost`,
  ]
    .filter(Boolean)
    .join(' · ')
}

/** Ids are long and alike at their start. */
function shorten(path: string): string {
  return path.replace(/upload_\w+(?=\w{6}\/)/, 'upload_…')
}

function megabytes(bytes: number): string {
  return bytes < 1e5 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`
}

function time(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`
}
