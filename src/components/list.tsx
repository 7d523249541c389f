'use client'
import { type ComponentType, memo, type ReactNode } from 'react'
import { createPart, type PartProps } from './part.js'
import { useRoot, useShownIds } from './root-context.js'

export interface ListState {
  empty: boolean
}

interface ListExtra {
  /** The row, as a component. */
  item?: ComponentType<{ id: string }>
  /** The row, as a function. */
  children?: (id: string) => ReactNode
  /** Which rows to draw, in their order: for a list that draws only those in view. @default all that are shown */
  ids?: readonly string[]
}

export type ListProps = PartProps<'ul', ListState, ListExtra>

/** One row for each upload of this Root. Renders a `ul`. */
export const List = /* @__PURE__ */ createPart<'ul', ListState, ListExtra>(
  'list',
  'ul',
  function useList({ item, children, ids, ...given }) {
    const { wording } = useRoot()
    const shown = useShownIds()
    const rows = (ids ?? shown).map((id) =>
      item ? <Row key={id} id={id} component={item} /> : <FunctionRow key={id} id={id} render={children} />,
    )
    return {
      state: { empty: shown.length === 0 },
      // Without its bullets, Safari takes a list for a heap of text unless told otherwise.
      own: { role: 'list', 'aria-label': wording.messages.list, children: rows },
      given,
    }
  },
)

/** Adding a file draws the new row and no other. */
const Row = memo(function Row({ id, component: Item }: { id: string; component: ComponentType<{ id: string }> }) {
  return <Item id={id} />
})

function FunctionRow({ id, render }: { id: string; render: ((id: string) => ReactNode) | undefined }): ReactNode {
  return render?.(id)
}
