'use client'
import type { UploadSnapshot } from '../core/index.js'
import { type ItemState, itemState, useItemContext, useItemOverTime } from './item-context.js'
import { ledgerOf } from './ledger.js'
import { isStalled, type Pace, riskOf } from './pace.js'
import { createPart, type PartProps } from './part.js'

export interface ItemProgressState extends ItemState {
  /** Under way, and nobody knows for how long. */
  indeterminate: boolean
  /** Its hour may be over before it is done. */
  late: boolean
}

export type ItemProgressProps = PartProps<'div', ItemProgressState>

/**
 * How far the upload is: `--ou-progress` from 0 to 1, and `--ou-ledger`, the colour stops of its byte ranges.
 * Gone once nothing is under way. Renders a `div`.
 */
export const ItemProgress = /* @__PURE__ */ createPart<'div', ItemProgressState>(
  'item-progress',
  'div',
  function useItemProgress(given) {
    const { nameId, activityId } = useItemContext()
    const item = useItemOverTime(select)
    if (!item?.ledger) return null
    const { percent, fraction, stops } = item.ledger
    return {
      state: { ...item.state, indeterminate: percent === null, late: item.late },
      own: {
        role: 'progressbar',
        'aria-labelledby': nameId,
        'aria-describedby': activityId,
        'aria-valuemin': 0,
        'aria-valuemax': 100,
        // No value text: screen readers turn the number into speech and beeps, and drop both for a sentence.
        ...(percent !== null && { 'aria-valuenow': percent }),
        style: { '--ou-progress': fraction, '--ou-ledger': stops },
      },
      given,
    }
  },
)

const select = (upload: UploadSnapshot, pace: Pace) => ({
  state: itemState(upload),
  ledger: ledgerOf(upload, isStalled(pace)),
  late: riskOf(upload, pace) !== null,
})
