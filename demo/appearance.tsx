import { useEffect, useState } from 'react'

/** Dark or light, and the reading direction, on the document itself: as an app would do it. */
export function Appearance() {
  const [dark, setDark] = useState(() => matchMedia('(prefers-color-scheme: dark)').matches)
  const [rtl, setRtl] = useState(false)
  useEffect(() => {
    document.documentElement.dataset.theme = dark ? 'dark' : 'light'
  }, [dark])
  useEffect(() => {
    document.documentElement.dir = rtl ? 'rtl' : 'ltr'
  }, [rtl])
  return (
    <div className="appearance">
      <button type="button" aria-pressed={dark} onClick={() => setDark(!dark)}>
        <svg viewBox="0 0 20 20" aria-hidden="true">
          <path d="M16.5 12.4A7 7 0 0 1 7.6 3.5a7 7 0 1 0 8.9 8.9Z" />
        </svg>
        <span>Dark</span>
      </button>
      <button type="button" aria-pressed={rtl} onClick={() => setRtl(!rtl)}>
        <svg viewBox="0 0 20 20" aria-hidden="true">
          <path d="M17 5H9M17 10H4m0 0 3.5-3.5M4 10l3.5 3.5M17 15H9" />
        </svg>
        <span>Right to left</span>
      </button>
    </div>
  )
}
