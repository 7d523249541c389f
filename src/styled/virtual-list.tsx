'use client'
import {
  type ComponentType,
  type CSSProperties,
  type FocusEvent,
  memo,
  type ReactNode,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import * as Uploads from '../components/index.js'
import { PlaceContext } from '../components/place.js'
import { useFolds, usePinnedIds, useRoot, useShownIds, useTotals } from '../components/root-context.js'
import { countOf } from '../components/wording.js'
import type { Layout, ListWindowProps } from './list-window.js'

// Up to here every row is drawn: find in page, print and screen readers like that best.
const MOST_DRAWN = 100
// An outage may strike a thousand uploads, and to draw a thousand rows is what must not happen.
const MOST_PINNED = 60
// Until it is known which rows are in view: on a server, and for the first paint.
const FIRST_DRAWN = 12
const FIRST_ROW_PX = 64

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
  const indexes = useMemo(() => new Map(ids.map((id, index) => [id, index])), [ids])
  const isVirtual = ids.length > MOST_DRAWN
  const isLong = useFolds() || isVirtual
  const listRef = useRef<HTMLUListElement>(null)
  const [focused, setFocused] = useFocusedRow(ids)
  const kept = useKeptIndexes(indexes, focused)
  const [layout, setLayout] = useState<Layout | null>(null)
  const loaded = useListWindow(isVirtual)

  const { rows, rest, measure } = layout ?? firstLayout(ids, kept)
  const gaps = new Map(rows.map(({ id, gap }) => [id, gap]))
  // Which rows there are may be newer than the layout, which follows before anything is painted.
  const inView = () => [...gaps.keys()].filter((id) => indexes.has(id)).sort((a, b) => indexOf(a) - indexOf(b))
  const indexOf = (id: string) => indexes.get(id) ?? 0
  const drawn = isVirtual ? inView() : ids

  const onFocus = ({ target, currentTarget }: FocusEvent) =>
    setFocused(drawn[[...currentTarget.children].findIndex((row) => row.contains(target))] ?? null)
  const onBlur = ({ currentTarget, relatedTarget }: FocusEvent) => {
    if (!currentTarget.contains(relatedTarget)) setFocused(null)
  }
  return (
    <>
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
          <PlacedRow
            id={id}
            count={ids.length}
            {...(isVirtual && { index: indexOf(id), gap: gaps.get(id) ?? 0 })}
            {...(measure && { measure })}
          >
            {children}
          </PlacedRow>
        )}
      </Uploads.List>
      {isVirtual && loaded && <loaded.ListWindow ids={ids} list={listRef} kept={kept} onLayout={setLayout} />}
    </>
  )
}

interface PlacedRowProps {
  id: string
  count: number
  /** Absent where every row is drawn. */
  index?: number
  gap?: number
  measure?: (row: HTMLElement | null) => void
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

/** The top of the list, with rows as tall as they may well be. */
function firstLayout(ids: readonly string[], kept: readonly number[]): Layout {
  const drawn = [...new Set([...ids.slice(0, FIRST_DRAWN).keys(), ...kept])].sort((a, b) => a - b)
  const rows = drawn.map((index, at) => ({
    id: ids[index] ?? '',
    gap: (index - (drawn[at - 1] ?? -1) - 1) * FIRST_ROW_PX,
  }))
  return { rows, rest: (ids.length - 1 - (drawn.at(-1) ?? -1)) * FIRST_ROW_PX }
}

interface LoadedListWindow {
  ListWindow: ComponentType<ListWindowProps>
}

/** The component that says which rows are in view, once it is wanted and loaded. */
function useListWindow(wanted: boolean): LoadedListWindow | null {
  const [loaded, setLoaded] = useState<LoadedListWindow | null>(null)
  useEffect(() => {
    if (wanted && !loaded) void import('./list-window.js').then(setLoaded)
  }, [wanted, loaded])
  return loaded
}

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
function useKeptIndexes(indexes: ReadonlyMap<string, number>, focused: number | null): readonly number[] {
  const pinned = usePinnedIds()
  return useMemo(() => {
    const around = focused === null ? [] : [focused - 1, focused, focused + 1]
    return [
      ...around.filter((index) => index >= 0 && index < indexes.size),
      ...pinned.slice(0, MOST_PINNED).flatMap((id) => indexes.get(id) ?? []),
    ]
  }, [indexes, pinned, focused])
}

/** With its number of files where they are not all drawn; a short list tells that by itself. */
function useListLabel(shown: number, isLong: boolean): string {
  const { wording } = useRoot()
  const total = useTotals((totals) => totals.total)
  if (!isLong) return wording.messages.list
  return wording.messages.listOf({ shown: countOf(shown, wording), total: countOf(total, wording) })
}
