'use client'
import { useSyncExternalStore } from 'react'

const never = () => () => {}
const unknown = () => undefined

/** The language that was asked for, or else the one the page says it is in; on the server it says nothing yet. */
export function usePageLanguage(locale: string | undefined): string | undefined {
  const page = useSyncExternalStore<string | undefined>(never, languageOfPage, unknown)
  return locale ?? page
}

function languageOfPage(): string | undefined {
  const { lang } = document.documentElement
  try {
    return Intl.getCanonicalLocales(lang)[0]
  } catch {
    // No tag, or none that the formatters would take.
    return undefined
  }
}
