// What a page did while nobody looked, in any browser: this runs in the page, and is asked for afterwards.

/** A message that came to a live region. */
export interface Said {
  politeness: string
  text: string
  /** Ms since the page was opened. */
  at: number
}

export interface PageRecord {
  said: Said[]
  /** What was in each live region when it came to the page: a screen reader does not hear it. */
  mountedWith: string[]
  /** Values of progress bars in order, null being none. */
  progress: (string | null)[]
}

interface RecordedPage {
  record?: PageRecord
}

/** Runs in the page, before or after its own scripts. */
export function recordPage(): void {
  const record: PageRecord = { said: [], mountedWith: [], progress: [] }
  ;(globalThis as RecordedPage).record = record
  const regions = new Set<Element>()
  const meet = (root: ParentNode) => {
    for (const region of root.querySelectorAll('[aria-live="polite"], [aria-live="assertive"]')) {
      if (regions.has(region)) continue
      regions.add(region)
      record.mountedWith.push(region.textContent)
    }
  }
  const watch = (mutations: MutationRecord[]) => {
    for (const { type, target, addedNodes } of mutations) {
      const region = target instanceof Element && type === 'childList' ? target.closest('[aria-live]') : null
      if (region && regions.has(region)) {
        const politeness = region.getAttribute('aria-live') ?? ''
        for (const { textContent } of addedNodes) {
          record.said.push({ politeness, text: textContent ?? '', at: performance.now() })
        }
      }
      const added = [...addedNodes].filter((node) => node instanceof Element)
      const bars =
        type === 'attributes' ? [target as Element] : added.flatMap((node) => [...node.querySelectorAll(ROW_BAR)])
      for (const bar of bars) if (bar.matches(ROW_BAR)) record.progress.push(bar.getAttribute('aria-valuenow'))
    }
    meet(document)
  }
  const ROW_BAR = '[data-slot="upload-item"] [role="progressbar"]'
  meet(document)
  new MutationObserver(watch).observe(document, {
    subtree: true,
    childList: true,
    attributeFilter: ['aria-valuenow'],
  })
}

/** Runs in the page: what was recorded so far. */
export function readRecord(): PageRecord | undefined {
  return (globalThis as RecordedPage).record
}
