/** Progress events a second for each upload: what a browser sends while a part is on its way. */
const EVENTS_A_SECOND = 20
/** Seconds that an upload would take to its end: 5 % of it a second. */
const SECONDS = 20

/** Uploads that move evenly and never end; `events` counts what was told. */
export function createScriptedFetcher() {
  const told = { events: 0 }
  let count = 0
  const fetcher = {
    create: async ({ bytes, filename, purpose }) => {
      count += 1
      const now = Math.floor(Date.now() / 1000)
      const times = { created_at: now, expires_at: now + 3600 }
      return {
        upload: { id: `upload_${count}`, object: 'upload', bytes, ...times, filename, purpose, status: 'pending' },
      }
    },
    addPart: ({ range }, { onProgress }) => {
      const started = performance.now()
      const bytes = range.end - range.start
      setInterval(() => {
        told.events += 1
        onProgress(Math.round((bytes * Math.min(1, (performance.now() - started) / 1000 / SECONDS)) % bytes))
      }, 1000 / EVENTS_A_SECOND)
      return new Promise(() => {})
    },
    complete: () => new Promise(() => {}),
    cancel: () => new Promise(() => {}),
  }
  return { fetcher, told }
}
