import { describe, expectTypeOf, it } from 'vitest'
import type {
  Fetcher,
  FileObject,
  RemoteUpload,
  UploadError,
  UploadErrorCode,
  UploadEvent,
  UploadOptions,
  UploadPhase,
  UploadSnapshot,
  UploadState,
  UploadStatus,
} from './index.js'
import { createUploader, isUploadError, phaseOf, type Uploader } from './index.js'

declare const state: UploadState
declare const snapshot: UploadSnapshot
declare const fetcher: Fetcher
declare const uploader: Uploader
declare const file: File

describe('the state', () => {
  it('has the data of its status, and no other', () => {
    switch (state.status) {
      case 'completed':
        expectTypeOf(state.fileObject).toEqualTypeOf<FileObject>()
        expectTypeOf(state.remote).toEqualTypeOf<RemoteUpload>()
        expectTypeOf(state).not.toHaveProperty('error')
        break
      case 'failed':
        expectTypeOf(state.error).toEqualTypeOf<UploadError>()
        expectTypeOf(state.remote).toEqualTypeOf<RemoteUpload | null>()
        expectTypeOf(state).not.toHaveProperty('fileObject')
        break
      case 'creating':
        expectTypeOf(state.remote).toEqualTypeOf<null>()
        break
      case 'expired':
        expectTypeOf(state.remote).toEqualTypeOf<RemoteUpload>()
        break
      default:
        expectTypeOf(state).not.toHaveProperty('error')
    }
  })

  it('has one of ten words, and the phase one of thirteen', () => {
    expectTypeOf<UploadStatus>().toEqualTypeOf<
      | 'queued'
      | 'creating'
      | 'uploading'
      | 'paused'
      | 'completing'
      | 'cancelling'
      | 'completed'
      | 'cancelled'
      | 'failed'
      | 'expired'
    >()
    expectTypeOf(phaseOf(state)).toEqualTypeOf<UploadPhase>()
    expectTypeOf<UploadStatus | 'offline' | 'interrupted' | 'retrying'>().toEqualTypeOf<UploadPhase>()
  })

  it('narrows in a snapshot as well', () => {
    if (snapshot.status === 'completed') expectTypeOf(snapshot.fileObject.id).toEqualTypeOf<string>()
    expectTypeOf(snapshot.checksum).toEqualTypeOf<'off' | 'waiting' | 'hashing' | 'done'>()
  })

  it('hears of nothing but the events in its table', () => {
    expectTypeOf<{ type: 'resume' }>().toExtend<UploadEvent>()
    expectTypeOf<{ type: 'paused' }>().not.toExtend<UploadEvent>()
  })
})

describe('options', () => {
  it('offer the known purposes, and take any other text', () => {
    expectTypeOf<'fine-tune'>().toExtend<UploadOptions['purpose']>()
    expectTypeOf<string>().toExtend<UploadOptions['purpose']>()
    // A plain string would swallow the six words that an editor offers.
    expectTypeOf<UploadOptions['purpose']>().not.toEqualTypeOf<string>()
    expectTypeOf<number>().not.toExtend<UploadOptions['purpose']>()
  })

  it('hold metadata of texts only', () => {
    expectTypeOf<{ user: string }>().toExtend<NonNullable<UploadOptions['metadata']>>()
    expectTypeOf<{ user: number }>().not.toExtend<NonNullable<UploadOptions['metadata']>>()
  })
})

describe('the uploader', () => {
  it('needs a fetcher and nothing else', () => {
    expectTypeOf(createUploader({ fetcher })).toEqualTypeOf<Uploader>()
    // @ts-expect-error -- how would it reach the API?
    createUploader({})
  })

  it('runs to a FileObject', () => {
    expectTypeOf(uploader.add(file, { purpose: 'batch' })).toEqualTypeOf<string>()
    expectTypeOf(uploader.run('id')).toEqualTypeOf<Promise<FileObject>>()
    expectTypeOf(uploader.get('id')).toEqualTypeOf<UploadSnapshot | undefined>()
  })
})

describe('a fetcher', () => {
  it('is any object with the four calls; the policy may be missing', () => {
    expectTypeOf<Omit<Fetcher, 'policy'>>().toExtend<Fetcher>()
    expectTypeOf<Omit<Fetcher, 'cancel'>>().not.toExtend<Fetcher>()
  })

  it('is told everything by its parameters', () => {
    expectTypeOf<Fetcher['addPart']>().parameter(0).toEqualTypeOf<{
      uploadId: string
      token?: string
      range: { readonly start: number; readonly end: number }
      bytesTotal: number
      body: Blob
    }>()
    expectTypeOf<Fetcher['complete']>().returns.toEqualTypeOf<Promise<RemoteUpload>>()
  })
})

it('an unknown error is narrowed to one with a code', () => {
  expectTypeOf(isUploadError).guards.toEqualTypeOf<UploadError>()
  expectTypeOf<UploadError['code']>().toEqualTypeOf<UploadErrorCode>()
})
