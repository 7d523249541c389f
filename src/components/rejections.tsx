'use client'
import { type ReactNode, useState } from 'react'
import { createPart, type PartProps } from './part.js'
import { groupText, MOST_NAMES, type RejectionGroup, rejectionGroups } from './rejection-texts.js'
import { useRoot, useRootState } from './root-context.js'
import type { FileRejection } from './root-store.js'
import { useKeptFocus } from './use-kept-focus.js'
import { countOf, nameIn } from './wording.js'

interface RejectionsExtra {
  children?: (rejections: readonly FileRejection[], dismiss: () => void) => ReactNode
}

export type RejectionsProps = PartProps<'div', object, RejectionsExtra>

/** Files that were not added and why, one sentence a reason; stays until dismissed. Renders a `div`. */
export const Rejections = /* @__PURE__ */ createPart<'div', object, RejectionsExtra>(
  'rejections',
  'div',
  function useRejections({ children, ...given }) {
    const { store, wording } = useRoot()
    const { messages } = wording
    const rejections = useRootState((state) => state.rejections)
    const ref = useKeptFocus()
    const [only, ...others] = rejections
    if (!only) return null
    const content = children?.(rejections, store.dismiss) ?? (
      <>
        <ul data-slot="upload-rejections-list" role="list">
          {rejectionGroups(rejections).map((group) => (
            <Group key={group.key} group={group} />
          ))}
        </ul>
        <button
          type="button"
          data-slot="upload-rejections-dismiss"
          aria-label={others.length === 0 ? messages.dismissOne({ name: nameIn(only.file.name, wording) }) : undefined}
          onClick={store.dismiss}
        >
          {messages.dismiss}
        </button>
      </>
    )
    return {
      state: {},
      own: { role: 'group', 'aria-label': messages.rejections, children: content },
      given,
      ref,
    }
  },
)

/** One reason, and what can be done about it. */
function Group({ group }: { group: RejectionGroup }): ReactNode {
  const { store, wording, limits, takeIn } = useRoot()
  const { messages } = wording
  const [open, setOpen] = useState(false)
  const ref = useKeptFocus()
  const { rejections } = group
  const count = rejections.length
  const addAnyway = () => {
    store.forgive(rejections)
    takeIn(
      rejections.map(({ file }) => file),
      { again: true },
    )
  }
  return (
    <li ref={ref} data-slot="upload-rejection">
      <span dir={wording.dir}>{groupText(group, wording, limits, open ? count : MOST_NAMES)}</span>
      {count > MOST_NAMES && (
        <button
          type="button"
          data-slot="upload-rejection-names"
          aria-expanded={open}
          onClick={() => setOpen((now) => !now)}
        >
          {open ? messages.showFewer : messages.showAll(countOf(count, wording))}
        </button>
      )}
      {rejections[0]?.error.code === 'file_duplicate' && (
        <button type="button" data-slot="upload-rejection-add" onClick={addAnyway}>
          {messages.uploadAnyway}
        </button>
      )}
    </li>
  )
}
