import type { Checksum } from '../checksum.js'

const SAMPLE_BYTES = 64 * 1024

/**
 * A digest of the beginning, middle and end of a file: enough to recognise it when it is chosen again, without reading
 * all of it. That every byte is the same is for the digests of its ranges, and in the end for the server's own check.
 */
export async function sampleOf(file: File, checksum: Checksum): Promise<string> {
  const middle = Math.max(0, Math.floor((file.size - SAMPLE_BYTES) / 2))
  const samples = [
    file.slice(0, SAMPLE_BYTES),
    file.slice(middle, middle + SAMPLE_BYTES),
    file.slice(Math.max(0, file.size - SAMPLE_BYTES)),
  ]
  // A copy in memory: a Blob of slices would be read through the file again, and later.
  const bytes = await Promise.all(samples.map((sample) => sample.arrayBuffer()))
  const { md5 } = await checksum(new Blob(bytes))
  return `${file.size}-${md5}`
}
