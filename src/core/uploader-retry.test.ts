import { describe, expect, it } from 'vitest'
import type { UploadError } from '../protocol/index.js'
import type { FakeUploads } from '../testing/index.js'
import { type Fetcher, FetcherError } from './fetcher.js'
import { collectReported, expectSameBytes, setTheStage } from './uploader.test.kit.js'

const always = Number.POSITIVE_INFINITY

/** Notes when each create and part is sent, in ms since the start. */
function timed() {
  const times: number[] = []
  const between = (fetcher: Fetcher, { clock }: FakeUploads): Partial<Fetcher> => {
    const start = clock.now()
    return {
      create: (request, options) => {
        times.push(clock.now() - start)
        return fetcher.create(request, options)
      },
      addPart: (part, options) => {
        times.push(clock.now() - start)
        return fetcher.addPart(part, options)
      },
    }
  }
  return { times, between }
}

describe('a call that fails', () => {
  it('is tried again by itself, and says so meanwhile', async () => {
    const stage = setTheStage({ concurrency: 1 })
    stage.faults.add({ call: 'addPart', after: 1, respond: { status: 502 }, times: 2 })
    const { id, file, ended } = stage.start(300)
    await stage.settle()
    expect(stage.uploader.get(id)).toMatchObject({
      status: 'uploading',
      wait: { reason: 'backoff', code: 'server_error', attempt: 1 },
      progress: { bytesAccepted: 100 },
    })
    await stage.clock.advance(5000)
    await expectSameBytes(stage, await ended, file)
    expect(stage.count('addPart')).toBe(5)
  })

  it('is tried at once when the person says so, or when the browser is back', async () => {
    for (const wake of ['resume', 'online', 'visible'] as const) {
      const stage = setTheStage({ concurrency: 1, retry: { baseDelay: 60_000, maxDelay: 60_000 } })
      stage.faults.add({ call: 'addPart', respond: { status: 502 } })
      const { id, file, ended } = stage.start(300)
      await stage.settle()
      expect(stage.uploader.get(id)).toMatchObject({ wait: { reason: 'backoff' } })
      if (wake === 'resume') await stage.uploader.resume(id)
      else if (wake === 'online') stage.environment.setOnline(true)
      else stage.environment.setVisible(true)
      await stage.settle()
      await expectSameBytes(stage, await ended, file)
    }
  })

  it('is not tried before the time that the server gave, whoever asks', async () => {
    const stage = setTheStage({ concurrency: 1 })
    stage.faults.add({ call: 'addPart', respond: { status: 429, headers: { 'retry-after': '60' } } })
    const { id } = stage.start(300)
    await stage.settle()
    const sent = stage.count('addPart')
    await stage.uploader.resume(id)
    stage.environment.setOnline(true)
    await stage.clock.advance(59_000)
    expect(stage.count('addPart')).toBe(sent)
  })

  it('is asked less and less often by a server that says zero seconds every time', async () => {
    const stage = setTheStage({ concurrency: 1 })
    stage.faults.add({ call: 'create', respond: { status: 503, headers: { 'retry-after': '0' } }, times: always })
    stage.start(300)
    await stage.clock.advance(600_000)
    expect(stage.count('create')).toBeLessThan(60)
  })

  it('counts as an answer that is none where a fetcher gave nothing, and a token that is no text as none', async () => {
    const tokens: unknown[] = []
    let creates = 0
    const stage = setTheStage({
      between: (fetcher) => ({
        create: async (request, options) => {
          creates += 1
          if (creates === 1) return undefined as never
          return { ...(await fetcher.create(request, options)), token: null as never }
        },
        addPart: (part, options) => {
          tokens.push(part.token)
          return fetcher.addPart(part, options)
        },
      }),
    })
    const { id, file, ended } = stage.start(100)
    await stage.settle()
    expect(stage.uploader.get(id)).toMatchObject({ wait: { code: 'bad_response' } })
    await stage.clock.advance(1000)
    await expectSameBytes(stage, await ended, file)
    expect(tokens).toEqual([undefined])
  })

  it('may tell its headers as a plain object', () => {
    const { headers } = new FetcherError('Busy.', { status: 429, headers: { 'retry-after': '3' } })
    expect(headers.get('Retry-After')).toBe('3')
  })

  it('fails as one, however many parts of the file fail together', async () => {
    const stage = setTheStage()
    stage.faults.add({ call: 'addPart', respond: { status: 503 }, times: 4 })
    const { id } = stage.start(1000)
    await stage.settle()
    expect(stage.uploader.get(id)).toMatchObject({ wait: { attempt: 1 } })
  })

  it('tells with each range how often it was tried', async () => {
    const stage = setTheStage({ concurrency: 1 })
    stage.faults.add({ call: 'addPart', respond: { status: 503 }, times: 2 })
    const { id } = stage.start(300)
    await stage.settle()
    const held = stage.faults.hold('addPart')
    await stage.clock.advance(5000)
    await held.reached
    expect(stage.uploader.get(id)?.progress.sending).toMatchObject([{ start: 0, end: 100, attempt: 3 }])
  })

  it.each([1, 2, 3])('counts from one again after a part was accepted, with seed %i', async (seed) => {
    const stage = setTheStage({ concurrency: 1, fakes: { seed } })
    stage.faults.add({ call: 'addPart', respond: { status: 503 }, times: 2 })
    stage.faults.add({ call: 'addPart', after: 1, respond: { status: 503 } })
    const attempts: number[] = []
    const { id, ended } = stage.start(300)
    stage.uploader.subscribeTo(id, () => {
      const state = stage.uploader.get(id)
      if (state?.status === 'uploading' && state.wait) attempts.push(state.wait.attempt)
    })
    await stage.clock.advance(60_000)
    await ended
    expect(attempts).toEqual([1, 2, 1])
  })

  it('as a part that others pass by is not tried again after each of them, and holds none of them up', async () => {
    let tries = 0
    let fails = true
    const stage = setTheStage({
      between: (fetcher) => ({
        addPart: (part, options) => {
          if (!fails || part.range.start !== 500) return fetcher.addPart(part, options)
          tries += 1
          return Promise.reject(new FetcherError('Failed.', { status: 503 }))
        },
      }),
    })
    const { id, file, ended } = stage.start(10_000)
    await stage.clock.advance(30_000)
    expect(stage.uploader.get(id)).toMatchObject({ progress: { bytesAccepted: 9900 }, wait: { reason: 'backoff' } })
    // Of 99 others. A few times at its turn; as the last of all, at the pace of the backoff.
    expect(tries).toBeLessThan(20)
    fails = false
    await stage.clock.advance(60_000)
    await expectSameBytes(stage, await ended, file)
  })

  it('gives up after ten minutes without a new byte, and keeps what it has', async () => {
    const stage = setTheStage({ concurrency: 1 })
    const takeOut = stage.faults.add({ call: 'addPart', after: 1, lose: 'request', times: always })
    const { id, file, ended } = stage.start(300)
    const start = stage.clock.now()
    let gaveUpAt = 0
    ended.catch(() => {
      gaveUpAt = stage.clock.now() - start
    })
    await stage.clock.advance(1_000_000)
    await expect(ended).rejects.toMatchObject({ code: 'network' })
    expect(gaveUpAt).toBeGreaterThan(500_000)
    expect(gaveUpAt).toBeLessThanOrEqual(600_000)
    takeOut()
    stage.uploader.retry(id)
    await expectSameBytes(stage, await stage.uploader.run(id), file)
    expect(stage.count('create')).toBe(1)
  })

  it('is bounded by the options of the uploader', async () => {
    const stage = setTheStage({ retry: { baseDelay: 10, maxDelay: 20, giveUpAfter: 1000 } })
    stage.faults.add({ call: 'create', respond: { status: 503 }, times: always })
    const { ended } = stage.start(100)
    await stage.clock.advance(1100)
    await expect(ended).rejects.toMatchObject({ code: 'server_error', details: { status: 503 } })
    expect(stage.count('create')).toBeGreaterThan(40)
  })
})

describe('a failed upload', () => {
  it('keeps its accepted parts when it is retried', async () => {
    const stage = setTheStage({ concurrency: 1 })
    stage.faults.add({ call: 'addPart', after: 3, respond: { status: 403 } })
    const { id, file, ended } = stage.start(1000)
    await expect(ended).rejects.toMatchObject({ code: 'forbidden' })
    expect(stage.uploader.get(id)).toMatchObject({ status: 'failed', progress: { bytesAccepted: 300, percent: 30 } })
    stage.uploader.retry(id)
    await expectSameBytes(stage, await stage.uploader.run(id), file)
    expect(stage.count('addPart')).toBe(11)
    expect(stage.count('create')).toBe(1)
  })

  it('that has every part only asks to complete again', async () => {
    const stage = setTheStage()
    stage.faults.add({ call: 'complete', respond: { status: 403 } })
    const { id, file, ended } = stage.start(300)
    await expect(ended).rejects.toMatchObject({ code: 'forbidden' })
    stage.uploader.retry(id)
    await expectSameBytes(stage, await stage.uploader.run(id), file)
    expect(stage.calls()).toEqual(['create', 'addPart', 'addPart', 'addPart', 'complete', 'complete'])
  })

  it('and all like it are retried by one command, the others left alone', async () => {
    const stage = setTheStage({ concurrency: 1 })
    stage.faults.add({ call: 'create', respond: { status: 403 }, times: 2 })
    const uploads = [stage.start(100), stage.start(200), stage.start(300)]
    await Promise.allSettled(uploads.map(({ ended }) => ended))
    expect(stage.settledEvents()).toEqual(['failed', 'failed', 'completed'])
    stage.uploader.retryFailed()
    for (const { id, file } of uploads) await expectSameBytes(stage, await stage.uploader.run(id), file)
    expect(stage.count('create')).toBe(5)
  })

  it('leaves nothing behind but the hour of its Upload, and not even that once it is removed', async () => {
    const stage = setTheStage()
    stage.faults.add({ call: 'addPart', respond: { status: 403 } })
    const { id, ended } = stage.start(1000)
    await ended.catch(() => {})
    await stage.settle()
    expect(stage.traffic.inFlight).toBe(0)
    stage.uploader.remove(id)
    await stage.settle()
    expect([stage.clock.pending, stage.environment.listeners]).toEqual([0, 0])
  })
})

describe('Retry-After', () => {
  it('holds every request of every file back, exactly as long as the server asked', async () => {
    const { times, between } = timed()
    const stage = setTheStage({ concurrency: 2, between })
    stage.faults.add({ call: 'addPart', after: 1, respond: { status: 429, headers: { 'retry-after': '7' } } })
    const first = stage.start(300)
    const second = stage.start(200)
    await stage.clock.advance(6999)
    expect(times.every((time) => time === 0)).toBe(true)
    await stage.clock.advance(60_000)
    await Promise.all([first.ended, second.ended])
    const [next] = times.filter((time) => time > 0)
    expect(next).toBeGreaterThanOrEqual(7000)
    expect(next).toBeLessThanOrEqual(7500)
  })

  it('is shown as the wait that it is', async () => {
    const stage = setTheStage()
    stage.faults.add({ call: 'create', respond: { status: 503, headers: { 'retry-after': '7' } } })
    const { id } = stage.start(300)
    await stage.settle()
    expect(stage.uploader.get(id)).toMatchObject({ status: 'creating', wait: { reason: 'rate_limited' } })
  })

  it('may be longer than the time after which an upload gives up', async () => {
    const stage = setTheStage()
    stage.faults.add({ call: 'create', respond: { status: 429, headers: { 'retry-after': '900' } } })
    const { ended } = stage.start(100)
    await stage.clock.advance(901_000)
    await expect(ended).resolves.toMatchObject({ object: 'file' })
  })
})

describe('a refusal is not tried again', () => {
  it.each([
    [400, 'invalid_request'],
    [401, 'auth_required'],
    [403, 'forbidden'],
    [404, 'not_found'],
    [413, 'part_too_large'],
    [501, 'server_error'],
  ] as const)('%i: %s', async (status, code) => {
    const stage = setTheStage()
    stage.faults.add({ call: 'addPart', respond: { status, headers: { 'x-request-id': 'req_7' } } })
    const error: unknown = await stage.start(100).ended.catch((reason: unknown) => reason)
    const [upload] = stage.uploads.list()
    expect(error).toMatchObject({ code, details: { status, requestId: 'req_7', uploadId: upload?.id } })
    await stage.clock.advance(60_000)
    expect(stage.calls()).toEqual(['create', 'addPart'])
    expect(stage.settledEvents()).toEqual(['failed'])
  })
})

describe('an answer that is not the API’s never counts', () => {
  const html = { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>Sign in</html>' }
  const foreignPart = {
    status: 200,
    body: { id: 'part_1', object: 'upload.part', created_at: 1, upload_id: 'upload_someone_elses' },
  }
  const foreignUpload = {
    id: 'upload_someone_elses',
    object: 'upload',
    bytes: 100,
    created_at: 1,
    expires_at: 3601,
    filename: 'x',
    purpose: 'user_data',
    status: 'completed',
    file: { id: 'file-1', object: 'file', bytes: 100, created_at: 1, filename: 'x', purpose: 'user_data' },
  }

  it.each([
    ['create', html],
    ['create', { status: 200, body: { object: 'upload' } }],
    ['create', { status: 200, body: { ...foreignUpload, bytes: 99, status: 'pending' } }],
    ['create', { status: 200, body: foreignUpload }],
    ['addPart', html],
    ['addPart', { status: 200, body: {} }],
    ['addPart', foreignPart],
    ['complete', html],
    ['complete', { status: 200, body: { id: 'upload_1' } }],
    ['complete', { status: 200, body: foreignUpload }],
  ] as const)('%s answered with %j fails after three tries', async (call, respond) => {
    const stage = setTheStage()
    stage.faults.add({ call, respond, times: always })
    const { id, ended } = stage.start(100)
    await stage.clock.advance(60_000)
    // What became of a complete that was answered so, nobody knows.
    await expect(ended).rejects.toMatchObject({ code: call === 'complete' ? 'outcome_unknown' : 'bad_response' })
    expect(stage.count(call)).toBe(3)
    expect(stage.uploader.get(id)?.progress.bytesAccepted).toBe(call === 'complete' ? 100 : 0)
    expect(stage.files.list()).toEqual([])
  })

  it('once is put right by asking again', async () => {
    const stage = setTheStage()
    for (const call of ['create', 'addPart', 'complete'] as const) stage.faults.add({ call, respond: html })
    const { file, ended } = stage.start(300)
    await stage.clock.advance(60_000)
    await expectSameBytes(stage, await ended, file)
  })

  it('is a part id that was given before', async () => {
    const stage = setTheStage({
      concurrency: 1,
      between: (fetcher) => {
        let first: Promise<Awaited<ReturnType<Fetcher['addPart']>>> | null = null
        return {
          addPart: (part, options) => {
            first ??= fetcher.addPart(part, options)
            return first
          },
        }
      },
    })
    const { id, ended } = stage.start(300)
    await stage.clock.advance(60_000)
    await expect(ended).rejects.toMatchObject({
      code: 'bad_response',
      hint: expect.stringContaining('given before') as string,
    })
    expect(stage.uploader.get(id)?.progress.bytesAccepted).toBe(100)
  })

  it('is a File of another size: that copy is broken', async () => {
    const stage = setTheStage({
      between: (fetcher) => ({
        complete: async (call, options) => {
          const upload = await fetcher.complete(call, options)
          return { ...upload, file: { ...foreignUpload.file, object: 'file' as const, bytes: 99 } }
        },
      }),
    })
    const { ended } = stage.start(100)
    await expect(ended).rejects.toMatchObject({ code: 'integrity_failed' })
  })

  it('but a File that does not know its size yet does', async () => {
    const stage = setTheStage({ fakes: { behaviour: { completedFileBytes: 'null' } } })
    await expect(stage.start(100).ended).resolves.toMatchObject({ bytes: null })
  })
})

it('what a fetcher throws at once counts like any other failure', async () => {
  let thrown = false
  const stage = setTheStage({
    between: (fetcher) => ({
      addPart: (part, options) => {
        if (thrown) return fetcher.addPart(part, options)
        thrown = true
        throw new TypeError('Failed to fetch')
      },
    }),
  })
  const { file, ended } = stage.start(300)
  await stage.clock.advance(60_000)
  await expectSameBytes(stage, await ended, file)
})

describe('the app’s own word on another try', () => {
  it('is heard: a refusal is tried again, a lost connection is not', async () => {
    const shouldRetry = ({ code }: UploadError) => code === 'forbidden'
    const stage = setTheStage({ retry: { shouldRetry } })
    stage.faults.add({ call: 'addPart', respond: { status: 403 } })
    const again = stage.start(300)
    await stage.clock.advance(60_000)
    await expectSameBytes(stage, await again.ended, again.file)
    stage.faults.add({ call: 'addPart', lose: 'request' })
    await expect(stage.start(200).ended).rejects.toMatchObject({ code: 'network' })
  })

  it('that throws is the app’s bug: it is reported as such, and the kit decides', async () => {
    const reported = collectReported()
    const bug = new Error('A bug in the app.')
    const shouldRetry = () => {
      throw bug
    }
    const stage = setTheStage({ retry: { shouldRetry } })
    stage.faults.add({ call: 'addPart', lose: 'request' })
    const { file, ended } = stage.start(300)
    await stage.clock.advance(60_000)
    await expectSameBytes(stage, await ended, file)
    expect(reported).toEqual([bug])
  })
})
