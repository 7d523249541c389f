/** The middle one, or the mean of the two in the middle. */
export function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  return sorted.length % 2 ? sorted[Math.floor(middle)] : (sorted[middle - 1] + sorted[middle]) / 2
}

const medianOf = (runs, key) => (runs.some((run) => run[key] === null) ? null : median(runs.map((run) => run[key])))

/**
 * Medians of each contender. `ratio`: against our own upload without MD5 in the same round, and of those the median,
 * so that a machine that was slow for a while does not favour anyone.
 */
export function summarise({ runs }) {
  return Object.fromEntries(
    Object.entries(runs).map(([id, own]) => [
      id,
      {
        seconds: median(own.map((run) => run.milliseconds)) / 1000,
        spread: [
          Math.min(...own.map((run) => run.milliseconds)) / 1000,
          Math.max(...own.map((run) => run.milliseconds)) / 1000,
        ],
        ratio: ratioOf(runs, id, 'ours-plain'),
        longestTask: Math.max(...own.map((run) => run.longestTask)),
        rendererBytes: medianOf(own, 'rendererBytes'),
        otherBytes: medianOf(own, 'otherBytes'),
        cpuSeconds: medianOf(own, 'cpuSeconds'),
        serverCpuSeconds: medianOf(own, 'serverCpuSeconds'),
        requests: medianOf(own, 'requests'),
        bytesReceived: medianOf(own, 'bytesReceived'),
      },
    ]),
  )
}

/** The median of `id` by `other`, round by round; null where either is missing. */
export function ratioOf(runs, id, other) {
  if (!runs[id] || !runs[other]) return null
  return median(runs[id].map((run, round) => run.milliseconds / runs[other][round].milliseconds))
}
