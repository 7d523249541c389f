import { createHash } from 'node:crypto'
import { describe, expect, it, vi } from 'vitest'
import { makeFile } from '../testing/index.js'
import { type ChecksumScript, createChecksum } from './checksum.js'
import type { ChecksumAnswer, ChecksumQuestion } from './checksum-answers.js'

const file = makeFile('a.bin', 1000)
const md5 = createHash('md5')
  .update(new Uint8Array(await file.arrayBuffer()))
  .digest('hex')

/** A worker whose side of the conversation the test holds. */
class FakeWorker {
  onmessage: ((event: { data: ChecksumAnswer }) => void) | null = null
  onerror: ((event: { message: string }) => void) | null = null
  onmessageerror: (() => void) | null = null
  readonly questions: ChecksumQuestion[] = []
  readonly script: ChecksumScript
  terminated = false

  constructor(script: ChecksumScript) {
    this.script = script
  }

  postMessage(question: ChecksumQuestion): void {
    this.questions.push(question)
  }

  terminate(): void {
    this.terminated = true
  }

  answer(answer: ChecksumAnswer): void {
    this.onmessage?.({ data: answer })
  }
}

function setUp() {
  const workers: FakeWorker[] = []
  const checksum = createChecksum({
    createWorker: (script) => {
      const worker = new FakeWorker(script)
      workers.push(worker)
      return worker as unknown as Worker
    },
  })
  return { checksum, workers }
}

describe('in a worker', () => {
  it('starts none before the first file, and one for all files', async () => {
    const { checksum, workers } = setUp()
    expect(workers).toHaveLength(0)
    const hashes = Promise.all([checksum(file), checksum(makeFile('b', 5))])
    expect(workers).toHaveLength(1)
    const [worker] = workers as [FakeWorker]
    worker.answer({ id: 2, md5: 'second' })
    worker.answer({ id: 1, md5: 'first' })
    expect(await hashes).toEqual([
      { md5: 'first', where: 'worker' },
      { md5: 'second', where: 'worker' },
    ])
  })

  it('hands the file over as it is', () => {
    const { checksum, workers } = setUp()
    void checksum(file)
    const [question] = workers[0]?.questions ?? []
    expect(question).toEqual({ type: 'hash', id: 1, file })
    expect(question?.type === 'hash' && question.file).toBe(file)
  })

  it('passes on that a file cannot be read, and hashes the next one', async () => {
    const { checksum, workers } = setUp()
    const unreadable = checksum(file)
    workers[0]?.answer({ id: 1, error: { name: 'NotReadableError', message: 'Gone.' } })
    await expect(unreadable).rejects.toMatchObject({ name: 'NotReadableError', message: 'Gone.' })
    const next = checksum(file)
    workers[0]?.answer({ id: 2, md5: 'next' })
    expect(await next).toEqual({ md5: 'next', where: 'worker' })
  })

  it('takes no notice of an answer that nobody waits for', () => {
    const { checksum, workers } = setUp()
    void checksum(file)
    expect(() => workers[0]?.answer({ id: 99, md5: 'late' })).not.toThrow()
    expect(() => workers[0]?.answer({ id: 99, bytesHashed: 5 })).not.toThrow()
  })

  it('tells of each file how far it is, to whoever wants to know', async () => {
    const { checksum, workers } = setUp()
    const told: number[] = []
    const hashes = Promise.all([
      checksum(file, { onProgress: (bytesHashed) => told.push(bytesHashed) }),
      checksum(makeFile('b', 5)),
    ])
    const [worker] = workers as [FakeWorker]
    worker.answer({ id: 1, bytesHashed: 400 })
    worker.answer({ id: 2, bytesHashed: 3 })
    worker.answer({ id: 1, bytesHashed: 800 })
    worker.answer({ id: 1, md5: 'first' })
    worker.answer({ id: 2, md5: 'second' })
    await hashes
    expect(told).toEqual([400, 800])
  })
})

describe('an abort', () => {
  it('ends the wait at once and tells the worker, which goes on with the others', async () => {
    const { checksum, workers } = setUp()
    const abort = new AbortController()
    const stopped = checksum(file, { signal: abort.signal })
    const other = checksum(makeFile('b', 5))
    abort.abort()
    await expect(stopped).rejects.toMatchObject({ name: 'AbortError' })
    expect(workers[0]?.questions.at(-1)).toEqual({ type: 'abort', id: 1 })
    workers[0]?.answer({ id: 2, md5: 'other' })
    expect(await other).toMatchObject({ md5: 'other' })
  })

  it('before the start starts nothing', async () => {
    const { checksum, workers } = setUp()
    await expect(checksum(file, { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' })
    expect(workers).toHaveLength(0)
  })

  it('after the answer is of no consequence', async () => {
    const { checksum, workers } = setUp()
    const abort = new AbortController()
    const hash = checksum(file, { signal: abort.signal })
    workers[0]?.answer({ id: 1, md5: 'done' })
    await hash
    abort.abort()
    expect(workers[0]?.questions).toHaveLength(1)
  })
})

describe('without a worker', () => {
  it('the page tells how far it is', async () => {
    const told: number[] = []
    const large = makeFile('a.bin', 9 * 2 ** 20)
    const onProgress = (bytesHashed: number) => told.push(bytesHashed)
    expect(await createChecksum()(large, { onProgress })).toMatchObject({ where: 'main' })
    expect(told.map((bytesHashed) => Math.floor(bytesHashed / 2 ** 23))).toEqual([1])
  })

  it('that can be made, the page hashes by itself', async () => {
    const blocked = createChecksum({
      createWorker: () => {
        throw new DOMException('Blocked by CSP.', 'SecurityError')
      },
    })
    expect(await blocked(file)).toEqual({ md5, where: 'main' })
  })

  it('that starts, every waiting file is hashed in the page, and no second worker is tried', async () => {
    const { checksum, workers } = setUp()
    const hashes = Promise.all([checksum(file), checksum(file)])
    workers[0]?.onerror?.({ message: '' })
    expect(await hashes).toEqual([
      { md5, where: 'main' },
      { md5, where: 'main' },
    ])
    expect(await checksum(file)).toEqual({ md5, where: 'main' })
    expect(workers).toHaveLength(1)
    expect(workers[0]?.terminated).toBe(true)
  })

  it('that lives on, the page takes over in the middle', async () => {
    const { checksum, workers } = setUp()
    const first = checksum(file)
    workers[0]?.answer({ id: 1, md5: 'first' })
    await first
    const second = checksum(file)
    workers[0]?.onmessageerror?.()
    expect(await second).toEqual({ md5, where: 'main' })
  })

  it('an abort ends the hashing in the page', async () => {
    const { checksum, workers } = setUp()
    const abort = new AbortController()
    const hash = checksum(file, { signal: abort.signal })
    workers[0]?.onerror?.({ message: '' })
    abort.abort()
    await expect(hash).rejects.toMatchObject({ name: 'AbortError' })
  })
})

describe('in a worker that may not use WebAssembly', () => {
  it('the files that wait, and all others, go to one that does without', async () => {
    const { checksum, workers } = setUp()
    const hashes = Promise.all([checksum(file), checksum(makeFile('b', 5))])
    workers[0]?.answer({ hello: false })
    await vi.waitFor(() => expect(workers[1]?.questions).toHaveLength(2))
    workers[1]?.answer({ hello: true })
    workers[1]?.answer({ id: 1, md5: 'first' })
    workers[1]?.answer({ id: 2, md5: 'second' })
    expect(await hashes).toEqual([
      { md5: 'first', where: 'worker' },
      { md5: 'second', where: 'worker' },
    ])
    expect(workers.map(({ script }) => script)).toEqual(['checksum.worker.js', 'checksum-plain.worker.js'])
    expect(workers[0]?.terminated).toBe(true)
  })

  it('an abort meanwhile asks nobody else', async () => {
    const { checksum, workers } = setUp()
    const abort = new AbortController()
    const stopped = checksum(file, { signal: abort.signal })
    workers[0]?.answer({ hello: false })
    abort.abort()
    await expect(stopped).rejects.toMatchObject({ name: 'AbortError' })
    expect(workers.flatMap(({ questions }) => questions.filter(({ type }) => type === 'hash'))).toHaveLength(1)
  })

  it('the page hashes by itself when it is given the same one again', async () => {
    const { checksum, workers } = setUp()
    const hash = checksum(file)
    workers[0]?.answer({ hello: false })
    await vi.waitFor(() => expect(workers).toHaveLength(2))
    workers[1]?.answer({ hello: false })
    expect(await hash).toEqual({ md5, where: 'main' })
    expect(workers).toHaveLength(2)
  })
})

it('without a worker and without WebAssembly, the page hashes in plain JavaScript', async () => {
  vi.stubGlobal('WebAssembly', undefined)
  vi.resetModules()
  const { createChecksum: createAnew } = await import('./checksum.js')
  expect(await createAnew()(file)).toEqual({ md5, where: 'main' })
  vi.unstubAllGlobals()
})

it('finds no worker in Node, and hashes all the same', async () => {
  expect(await createChecksum()(file)).toEqual({ md5, where: 'main' })
})

describe('a worker that says nothing', () => {
  it('is given up after three seconds, and the file is hashed on the main thread', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const { checksum, workers } = setUp()
    const hash = checksum(file)
    vi.advanceTimersByTime(3000)
    vi.useRealTimers()
    expect(await hash).toEqual({ md5, where: 'main' })
    expect(workers[0]?.terminated).toBe(true)
  })

  it('but its hello may take as long over a large file as it needs', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const { checksum, workers } = setUp()
    const hash = checksum(file)
    workers[0]?.answer({ hello: true })
    vi.advanceTimersByTime(60_000)
    vi.useRealTimers()
    workers[0]?.answer({ id: 1, md5: 'slow' })
    expect(await hash).toEqual({ md5: 'slow', where: 'worker' })
  })
})
