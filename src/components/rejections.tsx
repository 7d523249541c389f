'use client'
import type { ReactNode } from 'react'
import { createPart, type PartProps } from './part.js'
import { rejectionTexts } from './rejection-texts.js'
import { useRoot, useRootState } from './root-context.js'
import type { FileRejection } from './root-store.js'
import { useKeptFocus } from './use-kept-focus.js'

interface RejectionsExtra {
  children?: (rejections: readonly FileRejection[], dismiss: () => void) => ReactNode
}

export type RejectionsProps = PartProps<'div', object, RejectionsExtra>

/** Files that were not added and why, one sentence a reason; stays until dismissed. Renders a `div`. */
export const Rejections = /* @__PURE__ */ createPart<'div', object, RejectionsExtra>(
  'rejections',
  'div',
  function useRejections({ children, ...given }) {
    const { store, wording, limits } = useRoot()
    const rejections = useRootState((state) => state.rejections)
    const ref = useKeptFocus()
    if (rejections.length === 0) return null
    const content = children?.(rejections, store.dismiss) ?? (
      <>
        <ul data-slot="upload-rejections-list" role="list">
          {rejectionTexts(rejections, wording, limits).map((text) => (
            <li key={text} data-slot="upload-rejection">
              <bdi>{text}</bdi>
            </li>
          ))}
        </ul>
        <button type="button" data-slot="upload-rejections-dismiss" onClick={store.dismiss}>
          {wording.messages.dismiss}
        </button>
      </>
    )
    return {
      state: {},
      own: { role: 'group', 'aria-label': wording.messages.rejections, children: content },
      given,
      ref,
    }
  },
)
