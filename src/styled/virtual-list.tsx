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
import { useLook } from './look.js'

// Up to here every row is drawn: find in page, print and screen readers like that best.
const MOST_DRAWN = 100
// An outage may strike a thousand uploads, and to draw a thousand rows is what must not happen.
const MOST_PINNED = 60
const OVERSCAN = 6
// Until a row has been measured.
const ROW_PX = 64
// Until the list has: on a server, and for the first paint.
const FIRST_RECT = { width: 0, height: 640 }

interface VirtualListProps {
  /** The row; has to be stable. */
  children: (id: string) => ReactNode
}

/**
 * `Uploads.List` that scrolls by itself when it is long, and above a hundred rows draws those in view. What is active,
 * what needs attention and what has focus stays drawn wherever it is.
 */
export function VirtualList({ children }: VirtualListProps): ReactNode {
  const { classOf } = useLook()
  const ids = useShownIds()
  const isVirtual = ids.length > MOST_DRAWN
  const isLong = useFolds() || isVirtual
  const listRef = useRef<HTMLUListElement>(null)
  const [focused, setFocused] = useState<string | null>(null)
  const kept = useKeptIndexes(ids, focused)
  const rangeExtractor = useCallback(
    (range: Range) => [...new Set([...defaultRangeExtractor(range), ...kept])].sort((a, b) => a - b),
    [kept],
  )
  const virtualizer = useVirtualizer({
    count: ids.length,
    enabled: isVirtual,
    getScrollElement: () => listRef.current,
    getItemKey: useCallback((index: number) => ids[index] ?? index, [ids]),
    estimateSize: () => ROW_PX,
    measureElement: heightOf,
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
      className={isLong ? `${classOf('list') ?? ''} ou-list-long` : classOf('list')}
      ids={drawn}
      ref={listRef}
      aria-label={useListLabel(ids.length, isLong)}
      // From here a keyboard scrolls, without a way through a thousand buttons. Never without: it may have focus.
      tabIndex={isVirtual ? 0 : -1}
      style={isVirtual ? ({ '--_rest': `${rest}px` } as CSSProperties) : {}}
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

/** As the browser tells it in its own time: to ask as soon as a row is drawn would lay out the page once for each. */
function heightOf(
  row: Element,
  entry: ResizeObserverEntry | undefined,
  list: Virtualizer<HTMLUListElement, Element>,
): number {
  const box = entry?.borderBoxSize[0]
  return box ? box.blockSize : (list.measurementsCache[list.indexFromElement(row)]?.size ?? ROW_PX)
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

/** Indexes of the rows to draw wherever they are; the neighbours of the focused one are where its focus goes next. */
function useKeptIndexes(ids: readonly string[], focused: string | null): readonly number[] {
  const pinned = usePinnedIds()
  const indexes = useMemo(() => new Map(ids.map((id, index) => [id, index])), [ids])
  return useMemo(() => {
    const at = focused === null ? undefined : indexes.get(focused)
    const around = at === undefined ? [] : [at - 1, at, at + 1].filter((index) => index >= 0 && index < ids.length)
    return [...around, ...pinned.slice(0, MOST_PINNED).flatMap((id) => indexes.get(id) ?? [])]
  }, [ids, indexes, pinned, focused])
}

/** With its number of files where they are not all drawn; a short list tells that by itself. */
function useListLabel(shown: number, isLong: boolean): string {
  const { wording } = useRoot()
  const total = useTotals((totals) => totals.total)
  if (!isLong) return wording.messages.list
  return wording.messages.listOf({ shown: countOf(shown, wording), total: countOf(total, wording) })
}
