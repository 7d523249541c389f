'use client'
import type { UploadSnapshot } from '../core/index.js'
import { type ItemState, itemState, useItem } from './item-context.js'
import { COLORS } from './ledger.js'
import { createPart, type PartProps } from './part.js'
import { CELL, partMapOf } from './part-map.js'
import { useRoot } from './root-context.js'
import { countOf } from './wording.js'

export type ItemPartMapProps = PartProps<'div', ItemState>

const LAYERS = [
  { part: 'waiting', color: 'var(--ou-waiting, color-mix(in srgb, currentColor 12%, transparent))' },
  { part: 'retried', color: COLORS.retried },
  { part: 'accepted', color: COLORS.accepted },
  { part: 'sending', color: COLORS.sending },
] as const

/**
 * Every part of the file as a cell: waiting, on its way, on its way once more (`data-part`), accepted. A picture to those
 * who see it, one sentence to those who listen. Gone where no part is known. Renders a `div`.
 */
export const ItemPartMap = /* @__PURE__ */ createPart<'div', ItemState>(
  'item-part-map',
  'div',
  function useItemPartMap(given) {
    const { wording } = useRoot()
    const item = useItem(select)
    if (!item?.map) return null
    const { columns, rows, totalCount, acceptedCount, sendingCount, retriedCount, ...paths } = item.map
    const count = (value: number) => countOf(value, wording)
    return {
      state: item.state,
      own: {
        role: 'img',
        'aria-label': wording.messages.partMap({
          accepted: wording.measures.number(acceptedCount),
          total: count(totalCount),
          sending: count(sendingCount),
          retried: count(retriedCount),
        }),
        children: (
          <svg
            viewBox={`0 0 ${columns - 1 + CELL} ${rows - 1 + CELL}`}
            fill="none"
            strokeWidth={CELL}
            style={{ display: 'block', inlineSize: '100%', blockSize: 'auto' }}
            aria-hidden="true"
            focusable="false"
          >
            {LAYERS.map(({ part, color }) => (
              <path
                key={part}
                data-part={part}
                d={paths[part]}
                // The start of a cell on its way is no cell of its own.
                strokeDasharray={part === 'sending' ? undefined : `${CELL} ${1 - CELL}`}
                style={{ stroke: color }}
              />
            ))}
          </svg>
        ),
      },
      given,
    }
  },
)

const select = (upload: UploadSnapshot) => ({ state: itemState(upload), map: partMapOf(upload) })
