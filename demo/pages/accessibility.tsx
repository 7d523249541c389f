import { type RefObject, useEffect, useRef, useState } from 'react'
import { type UploadsHandle, UploadsProvider } from '../../src/index.js'
import { UploadDropzone } from '../../src/styled/index.js'
import { Code } from '../code.js'
import { connection } from '../connection.js'
import { SampleFiles } from '../sample-files.js'
import { accessibilitySamples, keys, limits } from './accessibility.texts.js'
import './accessibility.css'

/** What those get who do not see the bar, and what they do not get. */
export function AccessibilityPage() {
  const list = useRef<UploadsHandle>(null)
  const area = useRef<HTMLDivElement>(null)
  return (
    <UploadsProvider {...connection}>
      <div className="pair">
        <section aria-labelledby="a11y-title" className="accessibility">
          <h2 id="a11y-title">Without seeing, without a mouse</h2>
          <SampleFiles into={list} />
          <div ref={area}>
            <UploadDropzone ref={list} purpose="user_data" />
          </div>
          <SaidAloud within={area} />
        </section>
        <div className="accessibility">
          <section aria-labelledby="keys">
            <h2 id="keys">Keys</h2>
            <dl className="keys">
              {keys.map(({ key, does }) => (
                <div key={key}>
                  <dt>
                    <kbd>{key}</kbd>
                  </dt>
                  <dd>{does}</dd>
                </div>
              ))}
            </dl>
          </section>
          <section aria-labelledby="limits">
            <h2 id="limits">Known limits</h2>
            <ul className="known-limits">
              {limits.map((limit) => (
                <li key={limit}>{limit}</li>
              ))}
            </ul>
          </section>
          <Code samples={accessibilitySamples} />
        </div>
      </div>
    </UploadsProvider>
  )
}

interface Said {
  key: number
  politeness: string
  text: string
  at: string
}

/** What the live regions say, for eyes. No live region itself: it would say everything twice. */
function SaidAloud({ within }: { within: RefObject<HTMLElement | null> }) {
  const said = useSaid(within)
  return (
    <section className="panel said" aria-labelledby="said">
      <h2 id="said">What a screen reader is told</h2>
      {said.length === 0 ? (
        <p className="quiet">Nothing yet. Outcomes, and at most three milestones of what takes long.</p>
      ) : (
        <ol>
          {said.map(({ key, politeness, text, at }) => (
            <li key={key}>
              <span className="quiet">{at}</span>
              <span>{text}</span>
              <span className="quiet">{politeness}</span>
            </li>
          ))}
        </ol>
      )}
    </section>
  )
}

function useSaid(within: RefObject<HTMLElement | null>): readonly Said[] {
  const [said, setSaid] = useState<readonly Said[]>([])
  useEffect(() => {
    const hear = (records: MutationRecord[]) => {
      const heard = records.flatMap(({ target, addedNodes }) => {
        const politeness = target instanceof Element && target.closest('[aria-live]')?.getAttribute('aria-live')
        return politeness ? [...addedNodes].map(({ textContent }) => ({ politeness, text: textContent ?? '' })) : []
      })
      if (heard.length === 0) return
      const at = new Date().toLocaleTimeString('en', { hour12: false })
      setSaid((before) => [...before, ...heard.map((one, index) => ({ ...one, at, key: before.length + index }))])
    }
    const observer = new MutationObserver(hear)
    if (within.current) observer.observe(within.current, { subtree: true, childList: true })
    return () => observer.disconnect()
  }, [within])
  return said
}
