// Reads multipart/form-data as it arrives: the file in it goes on in pieces, fields are gathered.
// The same for all clients, so that none of them pays for a slower parser.

const HEADERS_END = Buffer.from('\r\n\r\n')
const NOTHING = Buffer.alloc(0)
const ignore = () => {}

/** `onFile` takes the bytes of the file; resolves with the fields. */
export async function readForm(request, onFile) {
  const boundary = /boundary="?([^";]+)"?/.exec(request.headers['content-type'] ?? '')?.[1]
  if (!boundary) throw new Error('not a form')
  const delimiter = Buffer.from(`\r\n--${boundary}`)
  const fields = {}
  // The first delimiter has no line break before it: as if there had been one, after a preamble of nothing.
  let kept = Buffer.from('\r\n')
  let take = ignore
  let ended = false

  function readData(bytes) {
    if (kept.length > 0 && bytes.length < delimiter.length) {
      bytes = Buffer.concat([kept, bytes])
      kept = NOTHING
    }
    if (kept.length > 0) {
      // A delimiter may have begun in the chunk before; only the seam is copied.
      const seam = Buffer.concat([kept, bytes.subarray(0, delimiter.length - 1)])
      const found = seam.indexOf(delimiter)
      if (found >= 0) return endData(seam.subarray(0, found), bytes.subarray(found + delimiter.length - kept.length))
      take(kept)
      kept = NOTHING
    }
    const found = bytes.indexOf(delimiter)
    if (found >= 0) return endData(bytes.subarray(0, found), bytes.subarray(found + delimiter.length))
    const safe = Math.max(0, bytes.length - delimiter.length + 1)
    take(bytes.subarray(0, safe))
    kept = bytes.subarray(safe)
    return null
  }

  function endData(last, after) {
    take(last)
    take = null
    kept = NOTHING
    return after
  }

  function readHeaders(bytes) {
    const all = Buffer.concat([kept, bytes])
    kept = NOTHING
    if (all.toString('latin1', 0, 2) === '--') {
      ended = true
      return null
    }
    const end = all.indexOf(HEADERS_END)
    if (end < 0) {
      kept = all
      return null
    }
    take = takerOf(all.toString('utf8', 0, end), fields, onFile)
    return all.subarray(end + HEADERS_END.length)
  }

  for await (const chunk of request) {
    let bytes = ended ? null : chunk
    while (bytes) bytes = take ? readData(bytes) : readHeaders(bytes)
  }
  if (!ended) throw new Error('the form ends before its last boundary')
  return fields
}

function takerOf(headers, fields, onFile) {
  const name = /\bname="([^"]*)"/.exec(headers)?.[1] ?? ''
  // OpenAI's `data` is the file, with or without a file name.
  if (name === 'data' || /\bfilename=/.test(headers)) return onFile
  fields[name] = ''
  return (bytes) => {
    fields[name] += bytes.toString()
  }
}
