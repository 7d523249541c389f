import { useId } from 'react'
import '../slider.css'
import './lab.css'
import { ownProxy } from '../own-proxy.js'
import { FAULTS, type FaultName } from './conditions.js'
import { change, toggle, useLab } from './lab-store.js'

const MEGABYTE = 1e6
/** Bytes a second, the last being no limit. */
const SPEEDS = [...[0.25, 0.5, 1, 2, 4, 8, 16, 32].map((megabytes) => megabytes * MEGABYTE), null]

const words: Record<FaultName, { name: string; effect: string }> = {
  cut: { name: 'Cut the connection', effect: 'Nothing is lost: what is solid in the bar is at OpenAI already.' },
  part_3: { name: 'Fail part 3', effect: '503 from the API. That part is sent again, and no other.' },
  rate_limit: { name: 'Rate limit', effect: '429 with Retry-After: 5. Every request waits that long.' },
  too_large: { name: 'Refuse bodies over 512 kB', effect: '413, as a proxy says it. Parts are cut smaller.' },
  short_life: { name: 'Expire in 60 s', effect: 'In place of an hour, for uploads that begin now.' },
  slow_complete: { name: 'Slow complete', effect: 'OpenAI takes 8 s to put the file together.' },
}

/** Makes the network of this page bad, and good again: at the demo's server, to real requests. */
export function LabPanel() {
  const lab = useLab()
  const id = useId()
  if (lab === 'none' || ownProxy !== null) return null
  return (
    <section className="lab" aria-labelledby={`${id}title`}>
      <h2 id={`${id}title`}>Network lab</h2>
      <Speed bytesPerSecond={lab?.bytesPerSecond ?? null} disabled={lab === null} />
      <ul className="faults">
        {FAULTS.map((fault) => (
          <li key={fault}>
            <label htmlFor={id + fault}>{words[fault].name}</label>
            <input
              id={id + fault}
              className="switch"
              type="checkbox"
              role="switch"
              aria-describedby={`${id}${fault}effect`}
              disabled={lab === null}
              checked={lab?.faults.includes(fault) ?? false}
              aria-checked={lab?.faults.includes(fault) ?? false}
              onChange={() => toggle(fault)}
            />
            <p id={`${id}${fault}effect`}>{words[fault].effect}</p>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Speed({ bytesPerSecond, disabled }: { bytesPerSecond: number | null; disabled: boolean }) {
  const id = useId()
  const exact = SPEEDS.indexOf(bytesPerSecond)
  const step = exact < 0 ? SPEEDS.findIndex((speed) => speed === null || speed >= (bytesPerSecond ?? 0)) : exact
  const text = bytesPerSecond === null ? 'no limit' : `${bytesPerSecond / MEGABYTE} MB/s`
  return (
    <div className="speed">
      <label htmlFor={id}>Line speed</label>
      <output htmlFor={id} aria-live="off">
        {text}
      </output>
      <input
        id={id}
        className="slider"
        type="range"
        min={0}
        max={SPEEDS.length - 1}
        value={step}
        aria-valuetext={text}
        disabled={disabled}
        style={{ '--at': step / (SPEEDS.length - 1) } as React.CSSProperties}
        onChange={({ target }) => change({ bytesPerSecond: SPEEDS[target.valueAsNumber] ?? null })}
      />
    </div>
  )
}
