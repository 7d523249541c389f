'use client'
import { createPart, type PartProps } from './part.js'
import { useRoot, useRootState } from './root-context.js'
import { useKeptFocus } from './use-kept-focus.js'

export type StopReadingProps = PartProps<'button', object>

/** Stops a folder from being read; nothing of it is added. Renders a `button` while files are read or checked. */
export const StopReading = /* @__PURE__ */ createPart<'button', object>(
  'stop-reading',
  'button',
  function useStopReading(given) {
    const { store, wording } = useRoot()
    const reading = useRootState((state) => state.reading !== null)
    const ref = useKeptFocus()
    if (!reading) return null
    return { state: {}, own: { children: wording.messages.stopReading, onClick: store.stopReading }, given, ref }
  },
)
