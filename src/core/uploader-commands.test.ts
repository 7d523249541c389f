import { describe, expect, it } from 'vitest'
import { makeFile } from '../testing/index.js'
import type { Fetcher } from './fetcher.js'
import { createUploader } from './uploader.js'
import { expectSameBytes, setTheStage } from './uploader.test.kit.js'
import type { UploaderOptions } from './uploader-options.js'

describe('add', () => {
  it.each([
    ['file_empty', 0, 'a.pdf', {}],
    ['file_too_large', 101, 'a.pdf', { maxSize: 100 }],
    ['file_too_small', 9, 'a.pdf', { minSize: 10 }],
    ['file_type_not_allowed', 10, 'a.pdf', { accept: ['.csv'] }],
  ] as const)('refuses with %s before any request', async (code, size, name, rules) => {
    const stage = setTheStage()
    const file = makeFile(name, size)
    expect(() => stage.uploader.add(file, {}, rules)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining('a.pdf') as string }),
    )
    await stage.clock.advance(60_000)
    expect(stage.requests).toEqual([])
    expect(stage.uploader.getSnapshot().ids).toEqual([])
  })

  it('refuses options that cannot work, with the fix', () => {
    const { fetcher } = setTheStage()
    const uploader = createUploader({ fetcher })
    const file = makeFile('a.pdf', 1)
    expect(() => uploader.add(file)).toThrow(/Pass `purpose`/)
    expect(() => uploader.add(file, { purpose: 'batch', expiresAfter: 60 })).toThrow(/3600/)
  })

  it('fills in the defaults of the uploader, also where undefined is said', () => {
    const stage = setTheStage({ defaults: { purpose: 'assistants', filename: 'shown.pdf' }, rules: { maxSize: 100 } })
    const id = stage.uploader.add(makeFile('a.pdf', 1), { purpose: undefined as unknown as string })
    expect(stage.uploader.get(id)?.options).toEqual({ purpose: 'assistants', filename: 'shown.pdf' })
    expect(() => stage.uploader.add(makeFile('a.pdf', 101), {}, { maxSize: undefined as unknown as number })).toThrow(
      /too large/,
    )
  })

  it('judges the name that OpenAI will show', () => {
    const stage = setTheStage()
    expect(() => stage.uploader.add(makeFile('export.tmp', 1), { purpose: 'batch' })).toThrow(/\.jsonl/)
    expect(stage.uploader.add(makeFile('export.tmp', 1), { purpose: 'batch', filename: 'data.jsonl' })).toBeTypeOf(
      'string',
    )
  })

  it('gives every upload an id of its own, also for the same file', () => {
    const stage = setTheStage()
    const file = makeFile('a.pdf', 1)
    const ids = Array.from({ length: 100 }, () => stage.uploader.add(file))
    expect(new Set(ids).size).toBe(100)
    expect(stage.uploader.getSnapshot().ids).toEqual(ids)
  })

  it('tells what may go wrong with a file that is uploaded all the same', () => {
    const stage = setTheStage()
    const large = Object.defineProperty(makeFile('a.jsonl', 1), 'size', { value: 300e6 })
    const id = stage.uploader.add(large, { purpose: 'batch' })
    expect(stage.uploader.get(id)?.warnings).toMatchObject([{ code: 'above_purpose_limit' }])
  })
})

describe('run', () => {
  it('is the same run however often it is called', async () => {
    const stage = setTheStage()
    const { id, file, ended } = stage.start(300)
    const again = stage.uploader.run(id)
    await stage.settle()
    expect(await again).toBe(await ended)
    await expectSameBytes(stage, await stage.uploader.run(id), file)
    expect(stage.count('create')).toBe(1)
    expect(stage.events.filter(({ type }) => type === 'started')).toHaveLength(1)
  })

  it('tells afterwards how it ended', async () => {
    const stage = setTheStage()
    stage.faults.add({ call: 'create', respond: { status: 403 } })
    const { id, ended } = stage.start(100)
    await ended.catch(() => {})
    await expect(stage.uploader.run(id)).rejects.toMatchObject({ code: 'forbidden' })
    expect(stage.count('create')).toBe(1)
  })

  it('of a paused upload waits for its resume', async () => {
    const stage = setTheStage()
    const { file, ended } = stage.start(100)
    await ended
    const id = stage.uploader.add(file)
    stage.uploader.pause(id)
    const run = stage.uploader.run(id)
    await stage.clock.advance(60_000)
    expect(stage.uploader.get(id)?.status).toBe('paused')
    await stage.uploader.resume(id)
    await expectSameBytes(stage, await run, file)
  })

  it('of an unknown upload is refused', async () => {
    await expect(setTheStage().uploader.run('nobody')).rejects.toMatchObject({
      code: 'invalid_options',
      message: expect.stringContaining('nobody') as string,
    })
  })
})

describe('remove', () => {
  it('takes an active upload off the list and cancels it on the server', async () => {
    const stage = setTheStage()
    const held = stage.faults.hold('addPart')
    const { id, ended } = stage.start(100)
    await held.reached
    stage.uploader.remove(id)
    expect(stage.uploader.get(id)).toBeUndefined()
    expect(stage.uploader.getSnapshot().ids).toEqual([])
    await expect(ended).rejects.toMatchObject({ code: 'cancelled' })
    await stage.settle()
    expect(stage.uploads.list()).toMatchObject([{ status: 'cancelled' }])
    expect(stage.clock.pending).toBe(0)
  })

  it('of a completed upload leaves the File where it is', async () => {
    const stage = setTheStage()
    const { id, ended } = stage.start(100)
    await ended
    stage.uploader.remove(id)
    await stage.settle()
    expect(stage.files.list()).toHaveLength(1)
    expect(stage.count('cancel')).toBe(0)
  })

  it('of an unknown upload does nothing', () => {
    const stage = setTheStage()
    stage.uploader.remove('nobody')
    expect(stage.events).toEqual([])
  })

  it('clears what is completed, and nothing else', async () => {
    const stage = setTheStage({ concurrency: 1 })
    stage.faults.add({ call: 'create', respond: { status: 403 } })
    const uploads = [stage.start(100), stage.start(200)]
    await Promise.allSettled(uploads.map(({ ended }) => ended))
    stage.uploader.clearCompleted()
    expect(stage.uploader.getSnapshot().ids).toEqual([uploads[0]?.id])
  })
})

describe('retry', () => {
  it('does nothing to an upload that is not over, or that is completed', async () => {
    const stage = setTheStage()
    const held = stage.faults.hold('addPart')
    const { id, ended } = stage.start(100)
    await held.reached
    stage.uploader.retry(id)
    stage.uploader.retry('nobody')
    held.release()
    await ended
    stage.uploader.retry(id)
    await stage.settle()
    expect(stage.calls()).toEqual(['create', 'addPart', 'complete'])
    expect(stage.events.filter(({ type }) => type === 'started')).toHaveLength(1)
  })
})

describe('an uploader is refused', () => {
  it.each<[string, Partial<UploaderOptions>, RegExp]>([
    ['without a fetcher', {}, /create, addPart, complete, cancel/],
    ['with half a fetcher', { fetcher: { create: () => {} } as unknown as Fetcher }, /lacks addPart, complete, cancel/],
  ])('%s', (_what, options, message) => {
    expect(() => createUploader(options as UploaderOptions)).toThrow(message)
  })

  it.each([0, -1, 0.5, 64 * 2 ** 20 + 1, Number.NaN])('with parts of %d bytes', (partSize) => {
    expect(() => setTheStage({ partSize })).toThrow(expect.objectContaining({ code: 'invalid_options' }))
  })
})

describe('on the wire', () => {
  it('the File’s end is asked for, and metadata goes to the backend only', async () => {
    const seen: unknown[] = []
    const stage = setTheStage({
      between: (fetcher) => ({
        create: (request, options) => {
          seen.push(request, options.metadata)
          return fetcher.create(request, options)
        },
      }),
    })
    const metadata = { project: 'x' }
    const fileObject = await stage.start(100, { expiresAfter: 7200, metadata, mimeType: 'text/plain' }).ended
    expect(seen).toEqual([
      {
        filename: 'file-100.bin',
        bytes: 100,
        mime_type: 'text/plain',
        purpose: 'user_data',
        expires_after: { anchor: 'created_at', seconds: 7200 },
      },
      metadata,
    ])
    expect((fileObject.expires_at ?? 0) - fileObject.created_at).toBe(7200)
  })

  it('the backend’s token goes back with every later call', async () => {
    const tokens: unknown[] = []
    const stage = setTheStage({
      between: (fetcher) => ({
        create: async (request, options) => ({ ...(await fetcher.create(request, options)), token: 'signed' }),
        addPart: (part, options) => {
          tokens.push(part.token)
          return fetcher.addPart(part, options)
        },
        complete: (call, options) => {
          tokens.push(call.token)
          return fetcher.complete(call, options)
        },
        cancel: (call, options) => {
          tokens.push(call.token)
          return fetcher.cancel(call, options)
        },
      }),
    })
    stage.faults.add({ call: 'complete', respond: { status: 403 } })
    const { id, ended } = stage.start(100)
    await ended.catch(() => {})
    stage.uploader.cancel(id)
    await stage.settle()
    expect(tokens).toEqual(['signed', 'signed', 'signed'])
  })
})
