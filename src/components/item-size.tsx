'use client'
import type { UploadSnapshot } from '../core/index.js'
import { type ItemState, itemState, useItem } from './item-context.js'
import { createPart, type PartProps } from './part.js'
import { useRoot } from './root-context.js'

export type ItemSizeProps = PartProps<'span', ItemState>

/** The file's size. Renders a `span`, and nothing where the size is not known. */
export const ItemSize = /* @__PURE__ */ createPart<'span', ItemState>('item-size', 'span', function useItemSize(given) {
  const { measures } = useRoot().wording
  const item = useItem(select)
  return item && item.size > 0
    ? { state: item.state, own: { dir: 'auto', children: measures.bytes(item.size) }, given }
    : null
})

const select = (upload: UploadSnapshot) => ({ state: itemState(upload), size: upload.file.size })
