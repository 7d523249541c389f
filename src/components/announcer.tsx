'use client'
import { useEffect, useState } from 'react'
import { announce, type Verbosity } from './announcements.js'
import { announceLateNews } from './late-news.js'
import { createPart, type PartProps } from './part.js'
import { useRoot } from './root-context.js'
import type { Politeness } from './root-store.js'
import { useLatest } from './use-latest.js'
import { visuallyHidden } from './visually-hidden.js'

interface AnnouncerExtra {
  /** @default 'milestones' */
  verbosity?: Verbosity
}

export type AnnouncerProps = PartProps<'div', object, AnnouncerExtra>

interface Line {
  key: number
  politeness: Politeness
  text: string
}

// Long enough to be read, short enough that nobody finds old news when browsing the page.
const KEPT_FOR_MS = 7000

/**
 * Says what happens to people who cannot see it: two live regions that are there before there is anything to say, as
 * screen readers only hear what is added later. A Root brings one along. Renders a `div`.
 */
export const Announcer = /* @__PURE__ */ createPart<'div', object, AnnouncerExtra>(
  'announcer',
  'div',
  function useAnnouncer({ verbosity = 'milestones', ...given }) {
    const { store, uploader, uploads, paces, wording, limits } = useRoot()
    const [lines, setLines] = useState<readonly Line[]>([])
    const latestRef = useLatest({ wording, limits, verbosity })

    useEffect(() => {
      let count = 0
      const timers = new Set<ReturnType<typeof setTimeout>>()
      const stopListening = store.onSay((politeness, text) => {
        count += 1
        const line = { key: count, politeness, text }
        setLines((now) => [...now, line])
        const timer = setTimeout(() => {
          timers.delete(timer)
          setLines((now) => now.filter((other) => other !== line))
        }, KEPT_FOR_MS)
        timers.add(timer)
      })
      const stopAnnouncing = announce({ store, uploader, uploads }, () => latestRef.current)
      const stopLateNews = announceLateNews(store, uploader, paces, () => latestRef.current.wording)
      return () => {
        stopLateNews()
        stopAnnouncing()
        stopListening()
        timers.forEach(clearTimeout)
      }
    }, [store, uploader, uploads, paces, latestRef])

    const region = (politeness: Politeness) => (
      <div role="log" aria-live={politeness} aria-relevant="additions">
        {lines
          .filter((line) => line.politeness === politeness)
          .map(({ key, text }) => (
            <p key={key}>{text}</p>
          ))}
      </div>
    )
    return {
      state: {},
      own: {
        style: visuallyHidden,
        children: (
          <>
            {region('polite')}
            {region('assertive')}
          </>
        ),
      },
      given,
    }
  },
)
