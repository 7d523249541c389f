/** Calls `act` for each item, so many at a time; resolves with the results in order. */
export async function inParallel(limit, items, act) {
  const results = []
  let next = 0
  const lane = async () => {
    while (next < items.length) {
      const index = next
      next += 1
      results[index] = await act(items[index], index)
    }
  }
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, lane))
  return results
}

/** The file itself where it is one part: a browser sends that faster than a slice of everything. */
export function slicesOf(file, partBytes) {
  if (file.size <= partBytes) return [file]
  const starts = Array.from({ length: Math.ceil(file.size / partBytes) }, (_, index) => index * partBytes)
  return starts.map((start) => file.slice(start, start + partBytes))
}
