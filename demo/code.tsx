import { useEffect, useId, useState } from 'react'
import './code.css'
import type { Sample } from './samples-of-code.js'

/** What to write for what is shown beside it. */
export function Code({ samples }: { samples: readonly Sample[] }) {
  const id = useId()
  const [shown, setShown] = useState(0)
  const sample = samples[shown] ?? samples[0]
  if (!sample) return null
  return (
    <section className="code" aria-labelledby={id}>
      <div className="code-head">
        <h2 id={id}>The code</h2>
        <div className="choices">
          {samples.map(({ title }, index) => (
            <button key={title} type="button" aria-pressed={index === shown} onClick={() => setShown(index)}>
              {title}
            </button>
          ))}
        </div>
        <Copy key={sample.title} text={sample.code} />
      </div>
      {/* Code reads from left to right everywhere. */}
      <pre dir="ltr">
        <code>{sample.code}</code>
      </pre>
    </section>
  )
}

export function Copy({ text }: { text: string }) {
  const [copied, setCopied] = useState<string | null>(null)
  useEffect(() => {
    if (copied === null) return undefined
    const timer = setTimeout(() => setCopied(null), 2000)
    return () => clearTimeout(timer)
  }, [copied])
  const copy = () => void navigator.clipboard.writeText(text).then(() => setCopied(text))
  return (
    <button type="button" className="copy" onClick={copy}>
      {copied === text ? 'Copied' : 'Copy'}
    </button>
  )
}
