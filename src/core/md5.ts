/** Takes bytes in file order and gives their MD5 in lowercase hex. */
export interface Hasher {
  init(): void
  update(bytes: Uint8Array): void
  digest(): string
}

/** Rejects where this kind of hasher may not run. */
export type CreateHasher = () => Promise<Hasher>

export interface Md5Options {
  signal?: AbortSignal
  /** Hash in slices short enough for a page to stay responsive; a worker has nobody to yield to. */
  yieldToPage?: boolean
  /** Hears how many bytes have been hashed: at most once a percent, and not at all of a small file. */
  onProgress?: ((bytesHashed: number) => void) | undefined
}

// Large enough that the overhead of a read disappears, small enough that memory does not count.
const BUFFER_BYTES = 2 ** 20
// A slice of this length takes single milliseconds even with plain JavaScript on a slow phone.
const PAGE_SLICE_BYTES = 2 ** 18

// What is hashed sooner than anybody could read a number costs no message.
const TOLD_EVERY_BYTES = 2 ** 23

// Spare benches are kept for the next file: the ranges of a large one are hashed one by one, and each would leave megabytes.
const MAX_SPARE = 4

/** What hashing takes. */
interface Workbench {
  hasher: Hasher
  buffer: ArrayBuffer
}

/** Makes what gives the MD5 of a blob, read once from beginning to end with one reused buffer where the browser can. */
export function createMd5(createHasher: CreateHasher): (blob: Blob, options?: Md5Options) => Promise<string> {
  const spare: Workbench[] = []
  return async (blob, { signal, yieldToPage = false, onProgress } = {}) => {
    const bench = spare.pop() ?? { hasher: await createHasher(), buffer: new ArrayBuffer(BUFFER_BYTES) }
    const { hasher } = bench
    hasher.init()
    const step = Math.max(TOLD_EVERY_BYTES, blob.size / 100)
    let bytesRead = 0
    let told = 0
    for await (const bytes of readInOrder(blob, bench)) {
      signal?.throwIfAborted()
      bytesRead += bytes.length
      if (!yieldToPage) hasher.update(bytes)
      else await updateInSlices(hasher, bytes)
      if (bytesRead - told < step) continue
      told = bytesRead
      onProgress?.(bytesRead)
    }
    // WebKit has ended streams early without an error; a hash of half the file would look like corruption.
    if (bytesRead !== blob.size) throw new DOMException(`Read ${bytesRead} of ${blob.size} bytes.`, 'NotReadableError')
    const md5 = hasher.digest()
    if (spare.length < MAX_SPARE) spare.push(bench)
    return md5
  }
}

async function updateInSlices(hasher: Hasher, bytes: Uint8Array): Promise<void> {
  for (let start = 0; start < bytes.length; start += PAGE_SLICE_BYTES) {
    hasher.update(bytes.subarray(start, start + PAGE_SLICE_BYTES))
    await nextTask()
  }
}

/** Lets the page handle input and paint; unlike a timer, a message is not slowed down in background tabs. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(null)
  })
}

// The chunks are only valid until the next one is asked for.
async function* readInOrder(blob: Blob, bench: Workbench): AsyncGenerator<Uint8Array> {
  const reader = byobReader(blob)
  if (reader) yield* readIntoOneBuffer(reader, bench)
  else yield* readSlices(blob)
}

function byobReader(blob: Blob): ReadableStreamBYOBReader | null {
  try {
    return blob.stream().getReader({ mode: 'byob' })
  } catch {
    return null
  }
}

// Chromium lets the garbage collector take the byte stream of a blob while a read is pending, and the read then never
// ends: whoever reads has to be reachable from here. Seen in Chromium 156 with many files hashed at once.
const reading = new Set<ReadableStreamBYOBReader>()

async function* readIntoOneBuffer(reader: ReadableStreamBYOBReader, bench: Workbench): AsyncGenerator<Uint8Array> {
  reading.add(reader)
  try {
    for (;;) {
      // The buffer is handed over with each read and handed back with the bytes in it, or empty at the end.
      const { value, done } = await reader.read(new Uint8Array(bench.buffer))
      bench.buffer = value?.buffer ?? new ArrayBuffer(BUFFER_BYTES)
      if (done) return
      yield value
    }
  } finally {
    reading.delete(reader)
    await reader.cancel().catch(() => {})
  }
}

async function* readSlices(blob: Blob): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < blob.size; start += BUFFER_BYTES) {
    yield new Uint8Array(await blob.slice(start, start + BUFFER_BYTES).arrayBuffer())
  }
}
