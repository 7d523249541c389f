// What can be counted in a real browser, and so may fail CI, which a time never may: requests and bytes on the wire.
import { DEFAULT_PART_BYTES } from '../dist/protocol/limits.js'

/** Headers of a request, the framing of a form and the JSON of the small calls. */
const BYTES_AROUND = 2048

/** Throws where our uploads took more requests, or sent more bytes, than files of these sizes need. */
export function checkCounts(name, { files, bytes, runs }) {
  const ours = Object.entries(runs).filter(([id]) => id.startsWith('ours'))
  for (const [id, own] of ours) {
    for (const { requests, bytesReceived } of own) {
      // Parts begin at the default and only grow on a line as fast as this; create and complete once for each file.
      // What the backend allows is asked for once per page, before this is counted.
      const most = files * (Math.ceil(bytes / DEFAULT_PART_BYTES) + 2)
      const mostBytes = files * bytes + requests * BYTES_AROUND
      const told = `${name}, ${id}: ${requests} requests, ${bytesReceived} bytes`
      if (requests > most) throw new Error(`${told}, where ${most} requests are enough`)
      if (bytesReceived > mostBytes) throw new Error(`${told}, where ${mostBytes} bytes are enough`)
      if (bytesReceived < files * bytes) throw new Error(`${told}, which are too few to be true`)
    }
  }
}
