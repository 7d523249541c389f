import { md5Of } from './md5.js'

export type ChecksumQuestion = { type: 'hash'; id: number; file: Blob } | { type: 'abort'; id: number }
/** `hello` comes first: it tells that the script was loaded and runs. */
export type ChecksumAnswer =
  | { hello: true }
  | { id: number; md5: string }
  | { id: number; error: { name: string; message: string } }

answer({ hello: true })

const running = new Map<number, AbortController>()

addEventListener('message', ({ data }: MessageEvent<ChecksumQuestion>) => {
  if (data.type === 'abort') running.get(data.id)?.abort()
  else void hash(data.id, data.file)
})

async function hash(id: number, file: Blob): Promise<void> {
  const abort = new AbortController()
  running.set(id, abort)
  try {
    answer({ id, md5: await md5Of(file, { signal: abort.signal }) })
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error))
    answer({ id, error: { name, message } })
  } finally {
    running.delete(id)
  }
}

function answer(message: ChecksumAnswer): void {
  postMessage(message)
}
