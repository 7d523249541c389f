import { type ComponentType, useEffect, useRef, useState } from 'react'
import '../src/styled/styles.css'
import { Appearance } from './appearance.js'
import { Mark } from './mark.js'
import { Navigation, usePath } from './navigation.js'
import { AccessibilityPage } from './pages/accessibility.js'
import { ComposerPage } from './pages/composer.js'
import { FormPage } from './pages/form.js'
import { Landing } from './pages/landing.js'
import { ThemePage } from './pages/theme.js'

const pages: readonly { path: string; title: string; Page: ComponentType }[] = [
  { path: '', title: 'Upload', Page: Landing },
  { path: 'form', title: 'Form', Page: FormPage },
  { path: 'chat', title: 'Chat', Page: ComposerPage },
  { path: 'theme', title: 'Theme', Page: ThemePage },
  { path: 'accessibility', title: 'Accessibility', Page: AccessibilityPage },
]

export function App() {
  const asked = usePath()
  const path = pages.some((page) => page.path === asked) ? asked : ''
  return (
    <div className="page">
      <header>
        <h1>
          <Mark />
          react-openai-uploads
        </h1>
        <Navigation pages={pages} current={path} />
        <Appearance />
      </header>
      <Pages path={path} />
    </div>
  )
}

/** A page that was opened stays: its uploads go on, and its rows are there when somebody comes back. */
function Pages({ path }: { path: string }) {
  const [opened, setOpened] = useState([path])
  if (!opened.includes(path)) setOpened([...opened, path])
  const main = useRef<HTMLElement>(null)
  const before = useRef(path)
  useEffect(() => {
    document.title = ['react-openai-uploads', pages.find((page) => page.path === path)?.title].join(' · ')
    if (before.current === path) return
    before.current = path
    // Where a new page would begin.
    main.current?.focus({ preventScroll: true })
    scrollTo(0, 0)
  }, [path])
  return (
    <main ref={main} tabIndex={-1}>
      {pages
        .filter((page) => opened.includes(page.path))
        .map(({ path: of, Page }) => (
          <div key={of} hidden={of !== path}>
            <Page />
          </div>
        ))}
    </main>
  )
}
