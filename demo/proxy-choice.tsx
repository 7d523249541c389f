import { type FormEvent, useId, useState } from 'react'
import { changeProxy, ownProxy } from './own-proxy.js'
import './proxy-choice.css'

/** The demo's own backend, or one of the visitor's. The key stays behind it: a page that asks for one is not to be trusted. */
export function ProxyChoice() {
  const id = useId()
  const [problem, setProblem] = useState<string | null>(null)
  const use = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const address = new FormData(event.currentTarget).get('address')
    try {
      if (typeof address !== 'string' || address.trim() === '') throw new Error('Nothing was entered.')
      changeProxy(address.trim())
    } catch {
      setProblem('Enter an address, like /api/uploads or https://example.com/api/uploads.')
    }
  }
  if (ownProxy !== null)
    return (
      <div className="panel proxy">
        <p>
          Files go to <code>{ownProxy}</code>
        </p>
        <button type="button" onClick={() => changeProxy(null)}>
          Use the demo’s again
        </button>
      </div>
    )
  return (
    <details className="panel proxy">
      <summary>Use my own proxy</summary>
      <form noValidate onSubmit={use}>
        <label htmlFor={`${id}address`}>Where your uploads handler answers</label>
        <input
          id={`${id}address`}
          name="address"
          type="text"
          inputMode="url"
          autoComplete="off"
          placeholder="/api/uploads"
          aria-invalid={problem !== null}
          aria-describedby={`${id}note`}
        />
        <button type="submit">Use it</button>
        <p id={`${id}note`} className="quiet">
          {problem ?? 'Your key stays on your server. From another origin, it has to allow this one.'}
        </p>
      </form>
    </details>
  )
}
