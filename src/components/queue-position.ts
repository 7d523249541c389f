import type { Uploader, UploaderSnapshot } from '../core/index.js'

// One count for all rows: a thousand of them ask after each change.
const counted = new WeakMap<UploaderSnapshot, ReadonlyMap<string, number>>()

/** How many uploads a queued one waits for: those under way, and those in line before it. */
export function aheadOf(id: string, uploader: Uploader): number {
  const snapshot = uploader.getSnapshot()
  const positions = counted.get(snapshot) ?? count(snapshot)
  counted.set(snapshot, positions)
  return positions.get(id) ?? 0
}

function count({ uploads }: UploaderSnapshot): ReadonlyMap<string, number> {
  const positions = new Map<string, number>()
  let ahead = 0
  for (const { status } of uploads.values())
    if (status === 'creating' || status === 'uploading' || status === 'completing') ahead += 1
  for (const [id, { status }] of uploads) if (status === 'queued') positions.set(id, ahead++)
  return positions
}
