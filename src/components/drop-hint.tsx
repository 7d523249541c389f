'use client'
import { useContext } from 'react'
import { UploadError } from '../protocol/index.js'
import type { DragVerdict } from './drag-verdict.js'
import { DropzoneContext, type DropzoneRenderState } from './dropzone-context.js'
import { limitTexts } from './error-text.js'
import { createPart, type PartProps } from './part.js'
import { type RootContextValue, useRoot } from './root-context.js'
import { countOf } from './wording.js'

export interface DropHintState {
  /** Nothing is going on: an invitation to drop, which means nothing to fingers. */
  idle: boolean
  drag: DropzoneRenderState['drag']
}

export type DropHintProps = PartProps<'span', DropHintState>

/** What a drop would do, or why there is none. Renders a `span`, inside a Dropzone. */
export const DropHint = /* @__PURE__ */ createPart<'span', DropHintState>(
  'drop-hint',
  'span',
  function useDropHint(given) {
    const root = useRoot()
    const state = useContext(DropzoneContext)?.state
    if (!state)
      throw new UploadError('invalid_options', 'DropHint was rendered outside <Uploads.Dropzone>. Put it inside one.')
    const { drag, dragging, disabled, reading, full } = state
    return {
      state: { idle: !drag && !dragging && !disabled && !reading && !full, drag },
      own: { id: hintIdOf(root.limitsId), dir: root.wording.dir, children: hintText(state, root) },
      given,
    }
  },
)

export function hintIdOf(limitsId: string): string {
  return `${limitsId}hint`
}

/** What is said once the list has as many files as it may. */
export function fullText({ wording, limits }: RootContextValue): string {
  return wording.messages.full(countOf(limits.maxFiles ?? 0, wording))
}

/** Why not all that is dragged will be added; null where nothing is known to be in the way. */
export function obstacleText({ drag, room }: DragVerdict, full: boolean, root: RootContextValue): string | null {
  const { wording, limits } = root
  const { messages } = wording
  if (full) return fullText(root)
  if (drag === 'reject') return messages.dropRejected({ types: limitTexts(limits, wording).types })
  return room === null ? null : messages.dropRoom(countOf(room, wording))
}

function hintText(state: DropzoneRenderState, root: RootContextValue): string {
  const { wording, limits, disabledReason } = root
  const { messages } = wording
  const { drag, dragging, count, fits, room, found, disabled, reading, full } = state
  if (disabled) return messages.disabled({ reason: disabledReason })
  const obstacle = drag ? obstacleText({ drag, count, fits, room }, full, root) : full ? fullText(root) : null
  if (obstacle !== null) return obstacle
  if (drag === 'unknown') return messages.dropUnknown
  if (drag === 'accept' && count !== null) {
    const all = countOf(count, wording)
    return fits === null || fits === count
      ? messages.dropCount(all)
      : messages.dropSome({ fits: countOf(fits, wording), all })
  }
  if (drag || dragging) return messages.drop
  if (reading) return found === null ? messages.reading : messages.readingFolder(countOf(found, wording))
  return limits.maxFiles === 1 ? messages.orDropOne : messages.orDrop
}
