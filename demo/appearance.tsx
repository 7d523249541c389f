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
        Dark
      </button>
      <button type="button" aria-pressed={rtl} onClick={() => setRtl(!rtl)}>
        Right to left
      </button>
    </div>
  )
}
