import { type CreateHasher, createMd5 } from './md5.js'

export type ChecksumQuestion = { type: 'hash'; id: number; file: Blob } | { type: 'abort'; id: number }
/** `hello` comes first: the script was loaded and runs, and whether it can hash here. If not, nothing is answered. */
export type ChecksumAnswer =
  | { hello: boolean }
  | { id: number; bytesHashed: number }
  | { id: number; md5: string }
  | { id: number; error: { name: string; message: string } }

/** The worker's side of the conversation, with one kind of hasher. */
export function answerChecksums(createHasher: CreateHasher): void {
  const md5Of = createMd5(createHasher)
  const running = new Map<number, AbortController>()
  const ready = createHasher().then(
    () => true,
    () => false,
  )
  void ready.then((hello) => answer({ hello }))

  addEventListener('message', ({ data }: MessageEvent<ChecksumQuestion>) => {
    if (data.type === 'abort') running.get(data.id)?.abort()
    else void hash(data.id, data.file)
  })

  async function hash(id: number, file: Blob): Promise<void> {
    const abort = new AbortController()
    running.set(id, abort)
    try {
      const onProgress = (bytesHashed: number) => answer({ id, bytesHashed })
      if (await ready) answer({ id, md5: await md5Of(file, { signal: abort.signal, onProgress }) })
    } catch (error) {
      const { name, message } = error instanceof Error ? error : new Error(String(error))
      answer({ id, error: { name, message } })
    } finally {
      running.delete(id)
    }
  }
}

function answer(message: ChecksumAnswer): void {
  postMessage(message)
}
