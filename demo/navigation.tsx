import { useSyncExternalStore } from 'react'

/** The part of the address after `#/`. */
export function usePath(): string {
  return useSyncExternalStore(subscribe, () => location.hash.replace(/^#\/?/, ''))
}

function subscribe(listener: () => void): () => void {
  addEventListener('hashchange', listener)
  return () => removeEventListener('hashchange', listener)
}

interface NavigationProps {
  pages: readonly { path: string; title: string }[]
  current: string
}

export function Navigation({ pages, current }: NavigationProps) {
  return (
    <nav aria-label="Pages">
      {pages.map(({ path, title }) => (
        <a key={path} href={`#/${path}`} aria-current={path === current ? 'page' : undefined}>
          {title}
        </a>
      ))}
    </nav>
  )
}
