import { phaseOf, type UploadProgress, type UploadSnapshot } from '../core/index.js'
import type { ByteRange } from '../protocol/index.js'
import { canContinue } from './retryable.js'

/**
 * The parts of a file as a grid, one cell each, from its start to its end. Each kind is the `d` of one path, whose dashes
 * are the cells: a run of cells costs what one costs, so 2,048 parts are no more to draw than 4.
 */
export interface PartMap {
  columns: number
  rows: number
  /** Cells to come, and what is left of those on their way. */
  waiting: string
  accepted: string
  /** Cells on their way once more, marked until they are accepted. */
  retried: string
  /** How far each cell on its way is. */
  sending: string
  totalCount: number
  acceptedCount: number
  sendingCount: number
  retriedCount: number
}

/** How much of a cell is drawn, in each direction; the rest is the gap to the next. */
export const CELL = 0.8

// A handful of parts stays a line of small cells, and thousands become no more than an eighth as high as wide.
const MIN_COLUMNS = 48
const COLUMNS_PER_ROW = 8

/** The parts of an upload; null where there is none to show, or none is known yet. */
export function partMapOf(upload: UploadSnapshot): PartMap | null {
  const phase = phaseOf(upload)
  const isGone = phase === 'cancelled' || phase === 'expired' || (phase === 'failed' && !canContinue(upload))
  const cells = isGone ? [] : cellsOf(upload.progress)
  return cells.length === 0 ? null : draw(cells)
}

interface Cell {
  kind: 'waiting' | 'accepted' | 'sending' | 'retried'
  /** 0 to 1. */
  sent: number
}

/** One cell a part: those there are, and those that the rest of the file will be cut into. */
export function cellsOf({ bytesTotal, parts, sending }: UploadProgress): Cell[] {
  const size = parts.size ?? Math.max(0, ...parts.accepted.map(lengthOf))
  if (size === 0) return []
  const cells: Cell[] = []
  let at = 0
  const waitUntil = (start: number) => {
    for (; at < start; at += size) cells.push({ kind: 'waiting', sent: 0 })
    at = start
  }
  const known = [
    ...parts.accepted.map((range) => ({ range, cell: { kind: 'accepted', sent: 1 } as Cell })),
    ...sending.map(({ sent, attempt, ...range }) => ({
      range,
      cell: { kind: attempt > 1 ? 'retried' : 'sending', sent: Math.min(1, sent / lengthOf(range)) } as Cell,
    })),
  ].sort((a, b) => a.range.start - b.range.start)
  for (const { range, cell } of known) {
    // A part may be accepted and, for a moment, still counted as on its way.
    if (range.start < at) continue
    waitUntil(range.start)
    cells.push(cell)
    at = range.end
  }
  waitUntil(bytesTotal)
  return cells
}

function draw(cells: readonly Cell[]): PartMap {
  const columns = Math.max(MIN_COLUMNS, Math.ceil(Math.sqrt(cells.length * COLUMNS_PER_ROW)))
  const line = (index: number, length: number) =>
    `M${index % columns} ${Math.floor(index / columns) + CELL / 2}h${length}`
  /** The cells of a kind as lines, one for each run within a row. */
  const runs = (holds: (cell: Cell) => boolean) => {
    let path = ''
    for (let index = 0; index < cells.length; index += 1) {
      const first = index
      while (index < cells.length && holds(cells[index] as Cell) && (index === first || index % columns > 0)) index += 1
      if (index === first) continue
      path += line(first, index - first)
      // The run ended before this cell, which may begin the next.
      index -= 1
    }
    return path
  }
  const count = (holds: (cell: Cell) => boolean) => cells.filter(holds).length
  const isMoving = ({ kind }: Cell) => kind === 'sending' || kind === 'retried'
  return {
    columns,
    rows: Math.ceil(cells.length / columns),
    waiting: runs(({ kind }) => kind === 'waiting' || kind === 'sending'),
    accepted: runs(({ kind }) => kind === 'accepted'),
    retried: runs(({ kind }) => kind === 'retried'),
    sending: cells
      .map((cell, index) => (isMoving(cell) && cell.sent > 0 ? line(index, round(cell.sent * CELL)) : ''))
      .join(''),
    totalCount: cells.length,
    acceptedCount: count(({ kind }) => kind === 'accepted'),
    sendingCount: count(isMoving),
    retriedCount: count(({ kind }) => kind === 'retried'),
  }
}

/** Steps that a cell of a few pixels can show. */
function round(length: number): number {
  return Math.max(1, Math.round(length * 20)) / 20
}

function lengthOf({ start, end }: ByteRange): number {
  return end - start
}
