import { describe, expectTypeOf, it } from 'vitest'
import type { Fetcher, FileObject, RemoteUpload, UploadError, Uploader, UploadSnapshot, Wait } from '../core/index.js'
import type { UploadsProviderProps } from './uploads-provider.js'
import type { UseUploadResult } from './use-upload.js'
import { useUploadSnapshot } from './use-upload-snapshot.js'
import { useUploads } from './use-uploads.js'

declare const upload: UseUploadResult
declare const fetcher: Fetcher
declare const uploader: Uploader
declare const file: File

describe('useUpload', () => {
  it('gives in each status what that status has', () => {
    if (upload.status === 'idle') {
      expectTypeOf(upload.remote).toEqualTypeOf<null>()
      expectTypeOf(upload).not.toHaveProperty('fileObject')
    } else if (upload.status === 'completed') {
      expectTypeOf(upload.fileObject).toEqualTypeOf<FileObject>()
      expectTypeOf(upload.remote).toEqualTypeOf<RemoteUpload>()
    } else if (upload.status === 'uploading') {
      expectTypeOf(upload.wait).toEqualTypeOf<Wait | null>()
      expectTypeOf(upload.remote).toEqualTypeOf<RemoteUpload>()
    } else if (upload.status === 'paused') {
      expectTypeOf(upload.reason).toEqualTypeOf<'user' | 'offline' | 'restored' | 'auth'>()
    } else if (upload.status === 'cancelling') {
      expectTypeOf(upload.undoUntil).toEqualTypeOf<number | null>()
    }
  })

  it('has an error to show in every status', () => {
    expectTypeOf(upload.error).toEqualTypeOf<UploadError | null>()
    if (upload.status === 'failed') expectTypeOf(upload.error).toExtend<UploadError>()
  })

  it('has its commands and its progress in every status', () => {
    expectTypeOf(upload.start).toEqualTypeOf<(file: File) => void>()
    expectTypeOf(upload.startAsync(file)).toEqualTypeOf<Promise<FileObject>>()
    expectTypeOf(upload.cancel).parameter(0).toEqualTypeOf<{ undoFor?: number } | undefined>()
    expectTypeOf(upload.progress.percent).toEqualTypeOf<number>()
  })
})

describe('selectors', () => {
  it('give what they pick', () => {
    expectTypeOf(useUploads((uploads) => uploads.ids)).toEqualTypeOf<readonly string[]>()
    expectTypeOf(useUploadSnapshot('id')).toEqualTypeOf<UploadSnapshot | undefined>()
    expectTypeOf(useUploadSnapshot('id', (snapshot) => snapshot.progress.percent)).toEqualTypeOf<number | undefined>()
  })
})

describe('the provider', () => {
  it('is connected in exactly one way', () => {
    expectTypeOf<{ endpoint: string }>().toExtend<UploadsProviderProps>()
    expectTypeOf<{ fetcher: Fetcher }>().toExtend<UploadsProviderProps>()
    expectTypeOf<{ uploader: Uploader }>().toExtend<UploadsProviderProps>()
    expectTypeOf<{
      endpoint: string
      headers: () => Promise<Record<string, string>>
    }>().toExtend<UploadsProviderProps>()
    // @ts-expect-error -- where to?
    const none: UploadsProviderProps = {}
    // @ts-expect-error -- which of the two?
    const two: UploadsProviderProps = { endpoint: '/api/uploads', fetcher }
    // @ts-expect-error -- which of the two?
    const other: UploadsProviderProps = { uploader, fetcher }
    expectTypeOf([none, two, other]).toBeArray()
  })
})
