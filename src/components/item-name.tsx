'use client'
import type { UploadSnapshot } from '../core/index.js'
import { type ItemState, itemState, useItem, useItemContext } from './item-context.js'
import { createPart, type PartProps } from './part.js'
import { shownName } from './wording.js'

export type ItemNameProps = PartProps<'span', ItemState>

/** The file's name, which also names its progress and its buttons. Renders a `span`. */
export const ItemName = /* @__PURE__ */ createPart<'span', ItemState>('item-name', 'span', function useItemName(given) {
  const { nameId } = useItemContext()
  const item = useItem(select)
  // A name has a direction of its own, whatever the page's.
  return item && { state: item.state, own: { id: nameId, dir: 'auto', children: item.name }, given }
})

const select = (upload: UploadSnapshot) => ({
  state: itemState(upload),
  name: shownName(upload.options.filename ?? upload.file.name),
})
