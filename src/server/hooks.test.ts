import { describe, expect, it, vi } from 'vitest'
import { createUploader, FetcherError } from '../core/index.js'
import { encodeMetadata } from '../protocol/index.js'
import { createClock } from '../testing/clock.js'
import { createFakeUploads, makeFile } from '../testing/index.js'
import {
  backend,
  completedUpload,
  createBody,
  errorOf,
  type PostOptions,
  remoteUpload,
  UPLOAD_ID,
} from './fixture.test.support.js'
import { type NewUpload, UploadError, type UploadsHandlerOptions } from './index.js'

const completeBody = { part_ids: ['part_1'], md5: '0'.repeat(32) }

describe('onCreate', () => {
  const sent = async (onCreate: UploadsHandlerOptions['onCreate'], options: PostOptions = {}) => {
    const { post, seen, errors } = backend({ ...(onCreate && { onCreate }), expiresAfter: 7200 })
    const response = await post('', { json: createBody(), ...options })
    return { response, errors, seen, body: seen[0] && JSON.parse(seen[0].body) }
  }

  it('sees what is asked for as it would be sent, the user as authorize knows them, and the metadata', async () => {
    const uploads: NewUpload[] = []
    const onCreate = (upload: NewUpload) => void uploads.push(upload)
    const { post } = backend({ onCreate, authorize: () => ({ userId: 'ada', plan: 'free' }) })
    const headers = { 'x-upload-metadata': encodeMetadata({ folder: 'a/ü' }), cookie: 'session=1' }
    await post('', { json: createBody({ filename: '../notes\u202e.txt' }), headers })
    const [upload] = uploads
    expect(upload).toEqual({
      user: { userId: 'ada', plan: 'free' },
      filename: 'notes.txt',
      bytes: 12,
      mimeType: 'text/plain',
      purpose: 'user_data',
      metadata: { folder: 'a/ü' },
      expiresAfter: null,
      request: expect.any(Request),
    })
    expect(upload?.request.headers.get('cookie')).toBe('session=1')
  })

  it('changes the name and the expiry that OpenAI is asked for', async () => {
    const { response, body } = await sent(async () => ({ filename: 'team/7.txt', expiresAfter: 3600 }))
    expect(response.status).toBe(200)
    expect(body).toEqual(createBody({ filename: '7.txt', expires_after: { anchor: 'created_at', seconds: 3600 } }))
    expect((await sent(() => ({ expiresAfter: null }))).body).toEqual(createBody())
    expect((await sent(() => undefined)).body.expires_after.seconds).toBe(7200)
    expect((await sent(() => null)).body.expires_after.seconds).toBe(7200)
  })

  it.each([
    ['file_rejected', 403, 'permission_error'],
    ['forbidden', 403, 'permission_error'],
    ['quota_exceeded', 429, 'rate_limit_error'],
    ['file_too_large', 400, 'invalid_request_error'],
  ] as const)('refuses with %s and a message of its own, and OpenAI is not called', async (code, status, type) => {
    const { response, seen, errors } = await sent(() => {
      throw new UploadError(code, 'Your plan has no room for this file.')
    })
    expect(await errorOf(response)).toEqual({
      status,
      code,
      type,
      param: null,
      message: 'Your plan has no room for this file.',
    })
    expect([seen, errors]).toEqual([[], []])
  })

  it('says no in words that reach the upload, as the person is to read them', async () => {
    const { post } = backend({
      onCreate: ({ filename }) => {
        throw new UploadError('file_rejected', `Your plan has no room for ${filename}.`)
      },
    })
    const { fetcher, environment } = createFakeUploads()
    const uploader = createUploader({
      environment,
      fetcher: {
        ...fetcher,
        create: async (request) => {
          const answer = await post('', { json: request })
          const { status, headers } = answer
          throw new FetcherError(`Answered ${status}.`, { status, headers, body: await answer.json() })
        },
      },
    })
    const id = uploader.add(makeFile('notes.txt', 12), { purpose: 'user_data' })
    await expect(uploader.run(id)).rejects.toMatchObject({
      code: 'file_rejected',
      message: 'Your plan has no room for notes.txt.',
      details: { status: 403 },
    })
  })

  it('may answer itself, by throwing a Response', async () => {
    const { response, seen } = await sent(() => {
      throw new Response('Pay first', { status: 402 })
    })
    expect([response.status, await response.text(), seen]).toEqual([402, 'Pay first', []])
  })

  it.each([
    ['any other error', new Error('db password is hunter2')],
    ['a code that is not for browsers', new UploadError('invalid_options', 'hunter2')],
    ['a text', 'hunter2'],
  ])('that throws %s is a 500 without details, and is logged', async (_, thrown) => {
    const { response, seen, errors } = await sent(() => {
      throw thrown
    })
    const error = await errorOf(response)
    expect(error).toMatchObject({ status: 500, code: 'server_error', message: 'The upload backend failed.' })
    expect(String(errors)).toContain('hunter2')
    expect(seen).toEqual([])
  })

  it.each<[string, object]>([
    ['filename', { filename: '..' }],
    ['filename', { filename: 7 }],
    ['expiresAfter', { expiresAfter: 60 }],
    ['metadata', { metadata: { a: 1 } }],
    ['metadata', { metadata: { a: 'x'.repeat(5000) } }],
    ['metadata', { metadata: ['a'] }],
  ])('that returns an unusable %s is told to the developer', async (field, changes) => {
    const { response, seen, errors } = await sent(() => changes)
    expect(await errorOf(response)).toMatchObject({ status: 500, code: 'invalid_options' })
    expect(String(errors)).toContain(field)
    expect(seen).toEqual([])
  })

  it.each<[string, unknown]>([
    ['false', false],
    ['true', true],
    ['a text', 'no'],
    ['a list', []],
    ['the Response that it should have thrown', new Response('Pay first', { status: 402 })],
    ['the error that it should have thrown', new UploadError('file_rejected', 'No room.')],
  ])('that returns %s lets nobody in, and the developer is told', async (_, returned) => {
    const { response, seen, errors } = await sent(() => returned as never)
    expect(await errorOf(response)).toMatchObject({ status: 500, code: 'invalid_options' })
    expect(String(errors)).toContain('To refuse, throw')
    expect(seen).toEqual([])
  })
})

describe('onComplete', () => {
  const begin = async (options: Partial<UploadsHandlerOptions>, metadata?: Record<string, string>) => {
    const made = backend(options)
    const headers = metadata ? { 'x-upload-metadata': encodeMetadata(metadata) } : {}
    const created = await made.post('', { json: createBody(), headers })
    return { ...made, created, token: created.headers.get('x-upload-token') ?? '' }
  }

  it('is told of the file, its user, the upload and its metadata, and any instance can tell it', async () => {
    const onComplete = vi.fn<(...args: unknown[]) => void>()
    const { token } = await begin({ onComplete }, { folder: 'ü' })
    const { post } = backend({ onComplete, authorize: () => ({ userId: 'ada', plan: 'free' }) })
    const response = await post(`/${UPLOAD_ID}/complete`, { json: completeBody, token })
    expect(response.status).toBe(200)
    expect(onComplete.mock.calls).toEqual([
      [
        expect.objectContaining({ id: 'file-1', object: 'file' }),
        { userId: 'ada', plan: 'free' },
        { uploadId: UPLOAD_ID, metadata: { folder: 'ü' } },
      ],
    ])
  })

  it('gets the metadata as onCreate left it, and an empty one when there was none', async () => {
    const onComplete = vi.fn<(...args: unknown[]) => void>()
    const changed = await begin({ onComplete, onCreate: () => ({ metadata: { row: '7' } }) }, { folder: 'a' })
    await changed.post(`/${UPLOAD_ID}/complete`, { json: completeBody, token: changed.token })
    const none = await begin({ onComplete })
    await none.post(`/${UPLOAD_ID}/complete`, { json: completeBody, token: none.token })
    expect(onComplete.mock.calls.map((call) => call[2])).toEqual([
      { uploadId: UPLOAD_ID, metadata: { row: '7' } },
      { uploadId: UPLOAD_ID, metadata: {} },
    ])
  })

  it('bounds the metadata that a token has to carry, and leaves all of it to onCreate', async () => {
    const large = { a: 'x'.repeat(2000) }
    const refused = await begin({ onComplete: () => {} }, large)
    expect(await errorOf(refused.created)).toMatchObject({ status: 400, param: 'x-upload-metadata' })
    expect(refused.seen).toEqual([])
    const onCreate = vi.fn<(upload: NewUpload) => object>(() => ({ metadata: { kept: 'little' } }))
    const trimmed = await begin({ onComplete: () => {}, onCreate }, large)
    expect(trimmed.created.status).toBe(200)
    expect(onCreate.mock.calls[0]?.[0].metadata).toEqual(large)
    expect((await begin({ onCreate: () => undefined }, large)).created.status).toBe(200)
    const tooMuch = await begin({ onComplete: () => {}, onCreate: () => ({ metadata: large }) })
    expect(tooMuch.created.status).toBe(500)
  })

  it.each([
    [
      'throws',
      () => {
        throw new Error('db is down')
      },
    ],
    ['rejects', () => Promise.reject(new Error('db is down'))],
  ])('that %s leaves the upload complete, and is logged', async (_, onComplete) => {
    const { post, token, errors } = await begin({ onComplete })
    const response = await post(`/${UPLOAD_ID}/complete`, { json: completeBody, token })
    expect(await response.json()).toMatchObject(completedUpload())
    expect(String(errors)).toContain('db is down')
  })

  it('that hangs holds the answer back for ten seconds, and no longer', async () => {
    const onComplete = vi.fn<() => Promise<void>>(() => new Promise(() => {}))
    const clock = createClock('manual', () => new Promise((resolve) => setImmediate(resolve)))
    const { post, token } = await begin({
      onComplete,
      setTimer: (callback, ms) => clock.setTimer(callback, ms),
    })
    let status = 0
    const answered = post(`/${UPLOAD_ID}/complete`, { json: completeBody, token }).then((response) => {
      status = response.status
    })
    await vi.waitFor(() => expect(onComplete).toHaveBeenCalled())
    await clock.advance(9999)
    expect(status).toBe(0)
    await clock.advance(1)
    await answered
    expect([status, clock.pending]).toEqual([200, 0])
  })

  it('is told although the browser has left before OpenAI answered', async () => {
    const leaving = new AbortController()
    const onComplete = vi.fn<() => void>()
    const { token } = await begin({ onComplete })
    const { post } = backend({ onComplete }, (request) => {
      leaving.abort()
      request.signal.throwIfAborted()
      return Response.json(completedUpload())
    })
    await post(`/${UPLOAD_ID}/complete`, { json: completeBody, token, signal: leaving.signal })
    expect(onComplete).toHaveBeenCalledTimes(1)
  })

  it.each([
    ['refuses', () => Response.json({ error: { message: 'No.' } }, { status: 400 })],
    ['answers with no file', () => Response.json(remoteUpload({ status: 'completed' }))],
    ['leaves the Upload pending', () => Response.json(remoteUpload())],
  ])('hears nothing when OpenAI %s', async (_, respond) => {
    const onComplete = vi.fn<() => void>()
    const { token } = await begin({ onComplete })
    const { post } = backend({ onComplete }, respond)
    await post(`/${UPLOAD_ID}/complete`, { json: completeBody, token })
    expect(onComplete).not.toHaveBeenCalled()
  })
})
