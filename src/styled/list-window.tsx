'use client'
import { defaultRangeExtractor, type Range, useVirtualizer, type Virtualizer } from '@tanstack/react-virtual'
import { memo, type RefObject, useCallback, useLayoutEffect, useMemo, useState } from 'react'

/** Which rows of a list are drawn, in their order. */
export interface Layout {
  readonly rows: readonly LaidOutRow[]
  /** Height in px of the rows below them. */
  readonly rest: number
  /** Takes the height of a row; absent until somebody wants to know. */
  readonly measure?: (row: HTMLElement | null) => void
}

export interface LaidOutRow {
  readonly id: string
  /** Height in px of the rows before it that are not drawn. */
  readonly gap: number
}

export interface ListWindowProps {
  ids: readonly string[]
  list: RefObject<HTMLElement | null>
  /** Indexes of the rows that are drawn wherever they are. */
  kept: readonly number[]
  onLayout: (layout: Layout) => void
}

const FIRST_ROW_PX = 64
const OVERSCAN = 6
// Until the list's own box is known.
const FIRST_RECT = { width: 0, height: 640 }

/**
 * Works out which rows are in view, before anything is painted. Apart from the list, and loaded when a list is so long
 * that it pays: most never are.
 */
export const ListWindow = memo(function ListWindow({ ids, list, kept, onLayout }: ListWindowProps): null {
  const rangeExtractor = useCallback(
    (range: Range) => [...new Set([...defaultRangeExtractor(range), ...kept])].sort((a, b) => a - b),
    [kept],
  )
  const { rowPx, measureElement } = useRowHeight()
  // Together: the virtualizer lays out its rows anew when their keys come from another function.
  const { getItemKey, estimateSize } = useMemo(
    () => ({ getItemKey: (index: number) => ids[index] ?? index, estimateSize: () => rowPx }),
    [ids, rowPx],
  )
  // oxlint-disable-next-line react-hooks/incompatible-library -- what it says is read in this very component, and passed on when it changes
  const virtualizer = useVirtualizer({
    count: ids.length,
    getScrollElement: () => list.current,
    getItemKey,
    estimateSize,
    measureElement,
    overscan: OVERSCAN,
    initialRect: FIRST_RECT,
    // The list may have been scrolled before this was loaded.
    initialOffset: () => list.current?.scrollTop ?? 0,
    rangeExtractor,
  })
  const items = virtualizer.getVirtualItems()
  const rest = virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0)
  const measure = virtualizer.measureElement

  useLayoutEffect(() => {
    const rows = items.map(({ key, start }, at) => ({ id: String(key), gap: start - (items[at - 1]?.end ?? 0) }))
    onLayout({ rows, rest, measure })
  }, [items, rest, measure, onLayout])
  return null
})

/**
 * How tall a row is that was not drawn yet: as tall as the lowest one so far, which is a row at rest, as most of a long
 * list are. A wrong guess is put right by scrolling, and that ends the browser's own smooth scrolling half way.
 */
function useRowHeight() {
  const [lowest, setLowest] = useState<number | null>(null)
  const rowPx = lowest ?? FIRST_ROW_PX
  const measureElement = useCallback(
    (row: Element, entry: ResizeObserverEntry | undefined, list: Virtualizer<HTMLElement, Element>) => {
      const height = entry?.borderBoxSize[0]?.blockSize
      // The browser tells in its own time: to ask as soon as a row is drawn would lay out the page once for each.
      if (height === undefined) return list.measurementsCache[list.indexFromElement(row)]?.size ?? rowPx
      if (height > 0) setLowest((now) => Math.min(now ?? height, height))
      return height
    },
    [rowPx],
  )
  return { rowPx, measureElement }
}
