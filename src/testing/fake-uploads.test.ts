import { describe, expect, it } from 'vitest'
import { createUploader, FetcherError } from '../core/index.js'
import { createFakeUploads, type FakeUploadsOptions, makeFile } from './index.js'

const signal = new AbortController().signal
const request = { filename: 'a.bin', bytes: 100, mime_type: 'application/octet-stream', purpose: 'user_data' }

async function withUpload(options: FakeUploadsOptions = {}) {
  const fakes = createFakeUploads(options)
  const { upload } = await fakes.fetcher.create(request, { signal })
  const sent: number[] = []
  const addPart = (end = 100, partSignal = signal) => {
    const part = { uploadId: upload.id, range: { start: 0, end }, bytesTotal: 100, body: makeFile('a.bin', end) }
    return fakes.fetcher.addPart(part, { signal: partSignal, onProgress: (bytes) => sent.push(bytes) })
  }
  return { ...fakes, upload, addPart, sent }
}

describe('the Uploads API in memory', () => {
  it('keeps what it is sent, and shows it', async () => {
    const { addPart, fetcher, files, requests, upload, uploads, traffic } = await withUpload()
    const part = await addPart()
    const { file } = await fetcher.complete({ uploadId: upload.id, partIds: [part.id] }, { signal })
    expect(files.list()).toEqual([file])
    expect(await files.read(file?.id as string)).toEqual(new Uint8Array(await makeFile('a.bin', 100).arrayBuffer()))
    expect(uploads.list()).toMatchObject([{ id: upload.id, status: 'completed', parts: [{ id: part.id, bytes: 100 }] }])
    expect(requests).toEqual([
      { call: 'create', uploadId: null, status: 200 },
      { call: 'addPart', uploadId: upload.id, status: 200 },
      { call: 'complete', uploadId: upload.id, status: 200 },
    ])
    expect(traffic).toEqual({ inFlight: 0, peak: 1 })
  })

  it('refuses as the API does, with a FetcherError', async () => {
    const { fetcher } = createFakeUploads()
    const refused = fetcher.create({ ...request, purpose: 'nonsense' }, { signal })
    await expect(refused).rejects.toBeInstanceOf(FetcherError)
    await expect(refused).rejects.toMatchObject({
      status: 400,
      body: { error: { message: expect.any(String) as string } },
    })
  })

  it('lives by the clock', async () => {
    const { clock, uploads } = await withUpload()
    await clock.advance(3_600_000)
    expect(uploads.list()).toMatchObject([{ status: 'expired' }])
  })

  it('answers plain requests, too, to be put behind a backend', async () => {
    const { handler, requests } = createFakeUploads()
    const response = await handler(
      new Request('http://any.test/v1/uploads', { method: 'POST', body: JSON.stringify(request) }),
    )
    expect(await response.json()).toMatchObject({ object: 'upload', status: 'pending' })
    expect(requests).toHaveLength(1)
  })
})

describe('the line', () => {
  it('takes its latency before every call', async () => {
    const { clock, fetcher, requests } = createFakeUploads({ latency: 100 })
    let answered = false
    void fetcher.create(request, { signal }).then(() => {
      answered = true
    })
    await clock.advance(99)
    expect([requests.length, answered]).toEqual([1, false])
    await clock.advance(1)
    expect(answered).toBe(true)
  })

  it('tells how far a part is at its speed', async () => {
    const { addPart, clock, sent } = await withUpload({ bytesPerSecond: 400 })
    const part = addPart()
    await clock.advance(100)
    expect(sent).toEqual([20, 40])
    await clock.advance(200)
    expect(sent.at(-1)).toBe(100)
    await expect(part).resolves.toMatchObject({ object: 'upload.part' })
  })

  it('can be changed while it runs', async () => {
    const { addPart, clock, line, sent } = await withUpload({ bytesPerSecond: 100 })
    const part = addPart()
    await clock.advance(100)
    line.bytesPerSecond = Number.POSITIVE_INFINITY
    await clock.advance(50)
    await part
    expect(sent.at(-1)).toBe(100)
  })

  it('ends a part with its signal', async () => {
    const { addPart, clock, requests } = await withUpload({ bytesPerSecond: 100 })
    const abort = new AbortController()
    const part = addPart(100, abort.signal)
    const failure = part.catch((error: unknown) => error)
    await clock.advance(500)
    abort.abort()
    expect(await failure).toMatchObject({ name: 'FetcherError' })
    expect(requests.map(({ call }) => call)).toEqual(['create'])
    expect(clock.pending).toBe(0)
  })
})

describe('faults', () => {
  it('apply to the calls they name, after those they spare, as often as they say', async () => {
    const { faults, fetcher } = createFakeUploads()
    faults.add({ call: 'cancel', respond: { status: 500 } })
    faults.add({ call: 'create', after: 1, times: 2, respond: { status: 503, headers: { 'retry-after': '1' } } })
    const statuses: unknown[] = []
    for (let call = 0; call < 4; call += 1) {
      statuses.push(
        await fetcher.create(request, { signal }).then(
          () => 200,
          (error: FetcherError) => error.status,
        ),
      )
    }
    expect(statuses).toEqual([200, 503, 503, 200])
  })

  it('can be taken out again, one or all', async () => {
    const { faults, fetcher } = createFakeUploads()
    const takeOut = faults.add({ respond: { status: 500 }, times: 9 })
    takeOut()
    faults.add({ respond: { status: 500 }, times: 9 })
    faults.clear()
    await expect(fetcher.create(request, { signal })).resolves.toBeDefined()
  })

  it('lose a request before the API saw it, or its answer afterwards', async () => {
    const { addPart, faults, uploads } = await withUpload()
    faults.add({ call: 'addPart', lose: 'request' })
    faults.add({ call: 'addPart', lose: 'reply' })
    await expect(addPart()).rejects.toMatchObject({ name: 'FetcherError', status: undefined })
    expect(uploads.list()[0]?.parts).toHaveLength(0)
    await expect(addPart()).rejects.toMatchObject({ name: 'FetcherError', status: undefined })
    expect(uploads.list()[0]?.parts).toHaveLength(1)
  })

  it('flip one bit of a part', async () => {
    const { addPart, faults, fetcher, files, upload } = await withUpload()
    faults.add({ call: 'addPart', corrupt: true })
    const part = await addPart()
    const { file } = await fetcher.complete({ uploadId: upload.id, partIds: [part.id] }, { signal })
    const stored = await files.read(file?.id as string)
    const source = new Uint8Array(await makeFile('a.bin', 100).arrayBuffer())
    const changed = [...stored]
      .map((byte, at) => byte ^ (source[at] as number))
      .filter((difference) => difference !== 0)
    expect(changed).toEqual([1])
  })

  it('hold a call until it is released', async () => {
    const { clock, faults, fetcher, traffic } = createFakeUploads()
    const held = faults.hold('create')
    let answered = false
    const create = fetcher.create(request, { signal }).then(() => {
      answered = true
    })
    await held.reached
    await clock.advance(60_000)
    expect([answered, traffic.inFlight]).toEqual([false, 1])
    held.release()
    await create
    expect(traffic.inFlight).toBe(0)
  })

  it('do not hold a call that was aborted before', async () => {
    const { faults, fetcher, traffic } = createFakeUploads()
    faults.hold('create')
    const create = fetcher.create(request, { signal: AbortSignal.abort() })
    await expect(create).rejects.toMatchObject({ name: 'FetcherError' })
    expect(traffic.inFlight).toBe(0)
  })

  it('end a held call with its signal', async () => {
    const { faults, fetcher, traffic } = createFakeUploads()
    const held = faults.hold('create')
    const abort = new AbortController()
    const create = fetcher.create(request, { signal: abort.signal })
    const failure = create.catch((error: unknown) => error)
    await held.reached
    abort.abort()
    expect(await failure).toMatchObject({ name: 'FetcherError' })
    expect(traffic.inFlight).toBe(0)
  })
})

describe('the clock waits for the API', () => {
  it('also when a cancel stands in line behind a slow complete', async () => {
    const { addPart, clock, fetcher, upload } = await withUpload({ behaviour: { completeDelay: 1000 } })
    const part = await addPart()
    const complete = fetcher.complete({ uploadId: upload.id, partIds: [part.id] }, { signal })
    await clock.advance(10)
    const cancel = fetcher.cancel({ uploadId: upload.id }, { signal }).catch((error: unknown) => error)
    await clock.advance(1000)
    await expect(complete).resolves.toMatchObject({ status: 'completed' })
    expect(await cancel).toMatchObject({ status: 400 })
  })
})

describe('the environment', () => {
  it('is the same in every run with the same seed, and another with another', () => {
    const numbers = (seed: number) => {
      const { environment } = createFakeUploads({ seed })
      return Array.from({ length: 100 }, () => environment.random())
    }
    expect(numbers(7)).toEqual(numbers(7))
    expect(numbers(7)).not.toEqual(numbers(8))
    expect(numbers(7).every((number) => number >= 0 && number < 1)).toBe(true)
  })

  it('tells who listens, and the same callback may listen twice', () => {
    const { environment } = createFakeUploads()
    let told = 0
    const callback = () => {
      told += 1
    }
    const stops = [environment.onWake(callback), environment.onWake(callback), environment.onPageHide(callback)]
    expect(environment.listeners).toBe(3)
    environment.setOnline(false)
    expect([environment.isOnline(), told]).toEqual([false, 0])
    environment.setOnline(true)
    expect(told).toBe(2)
    stops[0]?.()
    environment.setOnline(true)
    environment.hidePage()
    expect(told).toBe(4)
    for (const stop of stops) stop()
    expect(environment.listeners).toBe(0)
  })
})

describe('makeFile', () => {
  it('makes the same bytes for the same seed, without a pattern that could hide a swap', async () => {
    const bytes = async (size: number, seed: number) => Buffer.from(await makeFile('a', size, { seed }).arrayBuffer())
    expect((await bytes(1000, 1)).equals(await bytes(1000, 1))).toBe(true)
    expect((await bytes(1000, 1)).equals(await bytes(1000, 2))).toBe(false)
    const long = await bytes(2 ** 20 + 100, 1)
    expect(long.length).toBe(2 ** 20 + 100)
    const blocks = new Set(
      Array.from({ length: 1000 }, (_, index) => long.toString('hex', index * 100, index * 100 + 100)),
    )
    expect(blocks.size).toBe(1000)
  })

  it('knows what a browser would know of it', () => {
    expect(makeFile('a.pdf', 0, { type: 'application/pdf', lastModified: 5 })).toMatchObject({
      name: 'a.pdf',
      size: 0,
      type: 'application/pdf',
      lastModified: 5,
    })
  })
})

it('works with a clock that runs, for stories', async () => {
  const { fetcher, environment, files } = createFakeUploads({ clock: 'real', latency: 1, bytesPerSecond: 1e6 })
  const uploader = createUploader({ fetcher, environment, partSize: 1000 })
  await uploader.run(uploader.add(makeFile('a.pdf', 5000), { purpose: 'user_data' }))
  expect(files.list()).toHaveLength(1)
})
