import type { RefObject } from 'react'
import { acceptOfPurpose } from '../src/core/index.js'

const MEGABYTE = 1e6
const sizes = [25 * MEGABYTE, 300 * MEGABYTE]

/** Files for visitors who have none at hand. They go in the way a person's would: dropped on the dropzone. */
export function SampleFiles({ into, purpose }: { into: RefObject<HTMLElement | null>; purpose: string }) {
  const drop = (size: number) => {
    const dataTransfer = new DataTransfer()
    dataTransfer.items.add(sampleFile(size, purpose))
    const zone = into.current?.querySelector('[data-slot="upload-dropzone"]')
    zone?.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer }))
  }
  return (
    <div className="samples">
      {sizes.map((size) => (
        <button key={size} type="button" onClick={() => drop(size)}>
          Try {size / MEGABYTE} MB
        </button>
      ))}
    </div>
  )
}

const BLOCK_BYTES = 2 ** 20
let count = 0

/**
 * Random bytes that cost the page one block however large the file is: each block is a number of its own and then the
 * same random rest, so that no two blocks, and no two files, are alike.
 */
function sampleFile(bytes: number, purpose: string): File {
  const rest = new Uint8Array(BLOCK_BYTES - 4)
  // The browser gives at most 64 KiB of randomness at a time.
  for (let at = 0; at < rest.length; at += 65_536) crypto.getRandomValues(rest.subarray(at, at + 65_536))
  const shared = new Blob([rest])
  const pieces: BlobPart[] = []
  for (let block = 0; block * BLOCK_BYTES < bytes; block++) pieces.push(new Uint32Array([block]), shared)
  count += 1
  const name = `sample-${count}-${bytes / MEGABYTE}-mb${acceptOfPurpose(purpose)?.[0] ?? '.bin'}`
  return new File([new Blob(pieces).slice(0, bytes)], name)
}
