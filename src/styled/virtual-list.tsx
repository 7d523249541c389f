'use client'
import { defaultRangeExtractor, type Range, useVirtualizer, type Virtualizer } from '@tanstack/react-virtual'
import {
  type CSSProperties,
  type FocusEvent,
  memo,
  type ReactNode,
  useCallback,
  useMemo,
  useRef,
  useState,
} from 'react'
import * as Uploads from '../components/index.js'
import { PlaceContext } from '../components/place.js'
import { useFolds, usePinnedIds, useRoot, useShownIds, useTotals } from '../components/root-context.js'
import { countOf } from '../components/wording.js'

// Up to here every row is drawn: find in page, print and screen readers like that best.
const MOST_DRAWN = 100
// An outage may strike a thousand uploads, and to draw a thousand rows is what must not happen.
const MOST_PINNED = 60
const OVERSCAN = 6
const FIRST_ROW_PX = 64
// Until the list has: on a server, and for the first paint.
const FIRST_RECT = { width: 0, height: 640 }

interface VirtualListProps {
  className?: string | undefined
  /** The row; has to be stable. */
  children: (id: string) => ReactNode
}

/**
 * `Uploads.List` that scrolls by itself when it is long, and above a hundred rows draws those in view. What is active,
 * what needs attention and what has focus stays drawn wherever it is.
 */
export function VirtualList({ className, children }: VirtualListProps): ReactNode {
  const ids = useShownIds()
  const isVirtual = ids.length > MOST_DRAWN
  const isLong = useFolds() || isVirtual
  const listRef = useRef<HTMLUListElement>(null)
  const [focused, setFocused] = useFocusedRow(ids)
  const kept = useKeptIndexes(ids, focused)
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
  // oxlint-disable-next-line react-hooks/incompatible-library -- what it says is read in this very component, and drawn anew when it changes
  const virtualizer = useVirtualizer({
    count: ids.length,
    enabled: isVirtual,
    getScrollElement: () => listRef.current,
    getItemKey,
    estimateSize,
    measureElement,
    overscan: OVERSCAN,
    initialRect: FIRST_RECT,
    rangeExtractor,
  })

  const rows = isVirtual ? virtualizer.getVirtualItems() : []
  const places = new Map(
    rows.map(({ key, index, start }, at) => [String(key), { index, gap: start - (rows[at - 1]?.end ?? 0) }]),
  )
  const drawn = isVirtual ? [...places.keys()] : ids
  const rest = isVirtual ? virtualizer.getTotalSize() - (rows.at(-1)?.end ?? 0) : 0

  const onFocus = ({ target, currentTarget }: FocusEvent) =>
    setFocused(drawn[[...currentTarget.children].findIndex((row) => row.contains(target))] ?? null)
  const onBlur = ({ currentTarget, relatedTarget }: FocusEvent) => {
    if (!currentTarget.contains(relatedTarget)) setFocused(null)
  }
  return (
    <Uploads.List
      {...(className && { className })}
      data-long={isLong ? '' : undefined}
      ids={drawn}
      ref={listRef}
      aria-label={useListLabel(ids.length, isLong)}
      // From here a keyboard scrolls, without a way through a thousand buttons. Never without: it may have focus.
      tabIndex={isVirtual ? 0 : -1}
      style={isVirtual ? ({ '--ou-_rest': `${rest}px` } as CSSProperties) : {}}
      onFocus={onFocus}
      onBlur={onBlur}
    >
      {(id) => (
        <PlacedRow id={id} count={ids.length} {...places.get(id)} measure={virtualizer.measureElement}>
          {children}
        </PlacedRow>
      )}
    </Uploads.List>
  )
}

/**
 * How tall a row is that was not drawn yet: as tall as the lowest one so far, which is a row at rest, as most of a long
 * list are. A wrong guess is put right by scrolling, and that ends the browser's own smooth scrolling half way.
 */
function useRowHeight() {
  const [lowest, setLowest] = useState<number | null>(null)
  const rowPx = lowest ?? FIRST_ROW_PX
  const measureElement = useCallback(
    (row: Element, entry: ResizeObserverEntry | undefined, list: Virtualizer<HTMLUListElement, Element>) => {
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

interface PlacedRowProps {
  id: string
  count: number
  /** Absent where every row is drawn. */
  index?: number
  gap?: number
  measure: (row: HTMLElement | null) => void
  children: (id: string) => ReactNode
}

/** Scrolling draws the rows that come into view; a row that only moved up draws its number and nothing else. */
const PlacedRow = memo(function PlacedRow({ id, count, index, gap = 0, measure, children }: PlacedRowProps) {
  const place = useMemo(
    () => (index === undefined ? null : { index, count, gap, measure }),
    [index, count, gap, measure],
  )
  const row = useMemo(() => children(id), [children, id])
  return <PlaceContext.Provider value={place}>{row}</PlaceContext.Provider>
})

/** Index of the row that has focus, or had it until it was taken off; null while focus is elsewhere. */
function useFocusedRow(ids: readonly string[]): [number | null, (id: string | null) => void] {
  const [focused, setFocused] = useState<{ id: string; index: number } | null>(null)
  const index = focused && ids[focused.index] !== focused.id ? ids.indexOf(focused.id) : -1
  // It moved. One that is gone leaves its place to the row that is where its focus goes.
  if (focused && index >= 0) setFocused({ id: focused.id, index })
  const focus = (id: string | null) => setFocused(id === null ? null : { id, index: ids.indexOf(id) })
  return [focused && focused.index, focus]
}

/** Indexes of the rows to draw wherever they are; the neighbours of the focused one are where its focus goes next. */
function useKeptIndexes(ids: readonly string[], focused: number | null): readonly number[] {
  const pinned = usePinnedIds()
  const indexes = useMemo(() => new Map(ids.map((id, index) => [id, index])), [ids])
  return useMemo(() => {
    const around = focused === null ? [] : [focused - 1, focused, focused + 1]
    return [
      ...around.filter((index) => index >= 0 && index < ids.length),
      ...pinned.slice(0, MOST_PINNED).flatMap((id) => indexes.get(id) ?? []),
    ]
  }, [ids, indexes, pinned, focused])
}

/** With its number of files where they are not all drawn; a short list tells that by itself. */
function useListLabel(shown: number, isLong: boolean): string {
  const { wording } = useRoot()
  const total = useTotals((totals) => totals.total)
  if (!isLong) return wording.messages.list
  return wording.messages.listOf({ shown: countOf(shown, wording), total: countOf(total, wording) })
}
