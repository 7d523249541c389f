'use client'
import { limitTexts } from './error-text.js'
import { createPart, type PartProps } from './part.js'
import { useRoot } from './root-context.js'
import { countOf } from './wording.js'

export type LimitsProps = PartProps<'p', object>

/** What can be added, from the very numbers that are enforced; the Trigger is described by it. Renders a `p`. */
export const Limits = /* @__PURE__ */ createPart<'p', object>('limits', 'p', function useLimits(given) {
  const { limits, limitsId, readOnly, wording } = useRoot()
  const { types, max } = limitTexts(limits, wording)
  // One file is what the button says already.
  const files = limits.maxFiles === null || limits.maxFiles === 1 ? null : countOf(limits.maxFiles, wording)
  if (readOnly) return null
  return {
    state: {},
    own: { id: limitsId, dir: wording.dir, children: wording.messages.limits({ types, max, files }) },
    given,
  }
})
