import type { RefObject } from 'react'
import { acceptOfPurpose } from '../src/core/index.js'
import type { UploadsHandle } from '../src/index.js'

const MEGABYTE = 1e6
const SIZES = [25 * MEGABYTE, 300 * MEGABYTE]

interface SampleFilesProps {
  into: RefObject<UploadsHandle | null>
  purpose?: string
  /** In bytes. @default 25 and 300 MB */
  sizes?: readonly number[]
}

/** Files for visitors who have none at hand. */
export function SampleFiles({ into, purpose = 'user_data', sizes = SIZES }: SampleFilesProps) {
  return (
    <div className="samples">
      {sizes.map((size) => (
        <button key={size} type="button" onClick={() => into.current?.addFiles([sampleFile(size, purpose)])}>
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
export function sampleFile(bytes: number, purpose: string): File {
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
