import { describe, expectTypeOf, it } from 'vitest'
import {
  createMemoryStore,
  createUploadsHandler,
  type FileObject,
  type NewUpload,
  type NewUploadChanges,
  type UploadsHandler,
  type UploadsHandlerOptions,
  type UploadsLogEntry,
  type UploadsQuotas,
  type UploadsStore,
  type UploadsUser,
} from './index.js'

const required = { apiKey: 'sk', secret: 'x'.repeat(32), purposes: ['user_data'] as const }

describe('the handler', () => {
  it('is a function from Request to Response', () => {
    expectTypeOf<UploadsHandler>().toEqualTypeOf<(request: Request) => Promise<Response>>()
    expectTypeOf(createUploadsHandler({ ...required, authorize: () => null })).toEqualTypeOf<UploadsHandler>()
  })

  it('needs somebody who says who may upload', () => {
    // An open relay.
    expectTypeOf(required).not.toExtend<UploadsHandlerOptions>()
    expectTypeOf<() => { name: string }>().not.toExtend<UploadsHandlerOptions['authorize']>()
  })

  it('takes secrets one by one, in a list, and from a function', () => {
    expectTypeOf<string>().toExtend<UploadsHandlerOptions['secret']>()
    expectTypeOf<readonly string[]>().toExtend<UploadsHandlerOptions['secret']>()
    expectTypeOf<() => Promise<string[] | undefined>>().toExtend<UploadsHandlerOptions['secret']>()
    expectTypeOf<readonly string[]>().not.toExtend<UploadsHandlerOptions['apiKey']>()
  })
})

describe('the hooks', () => {
  it('get the user that authorize gives', () => {
    createUploadsHandler({
      ...required,
      authorize: async (request) => {
        expectTypeOf(request).toEqualTypeOf<Request>()
        return { userId: 'ada', plan: 'free' as 'free' | 'paid' }
      },
      onCreate: ({ user, metadata }) => {
        expectTypeOf(user.plan).toEqualTypeOf<'free' | 'paid'>()
        expectTypeOf(metadata).toEqualTypeOf<Readonly<Record<string, string>>>()
        return { filename: 'a.txt' }
      },
      onComplete: (fileObject, user, { uploadId }) => {
        expectTypeOf(fileObject).toEqualTypeOf<FileObject>()
        expectTypeOf(user.plan).toEqualTypeOf<'free' | 'paid'>()
        expectTypeOf(uploadId).toEqualTypeOf<string>()
      },
    })
    expectTypeOf<NewUpload['user']>().toEqualTypeOf<UploadsUser>()
  })

  it('change three things and no others', () => {
    expectTypeOf<keyof NewUploadChanges>().toEqualTypeOf<'filename' | 'metadata' | 'expiresAfter'>()
    expectTypeOf<{ metadata: { size: number } }>().not.toExtend<NewUploadChanges>()
  })

  it('log no more than these fields', () => {
    expectTypeOf<keyof UploadsLogEntry>().toEqualTypeOf<
      'call' | 'status' | 'code' | 'user' | 'uploadId' | 'purpose' | 'bytes' | 'filename' | 'requestId' | 'durationMs'
    >()
  })
})

describe('the store', () => {
  it('fits what well-kept rate limiters and key-value stores offer', () => {
    interface Limiter {
      penalty(key: string, points: number, options: { customDuration: number }): Promise<LimiterResult>
    }
    interface LimiterResult {
      consumedPoints: number
      msBeforeNext: number
    }
    const count =
      (limiter: Limiter): UploadsStore['count'] =>
      async (key, amount, seconds) => {
        const { consumedPoints, msBeforeNext } = await limiter.penalty(key, amount, { customDuration: seconds })
        return { total: consumedPoints, resetsIn: msBeforeNext }
      }
    expectTypeOf(count).returns.toEqualTypeOf<UploadsStore['count']>()
    expectTypeOf(createMemoryStore()).toEqualTypeOf<UploadsStore>()
  })

  it('knows four quotas', () => {
    expectTypeOf<keyof UploadsQuotas>().toEqualTypeOf<
      'createsPerMinute' | 'openUploads' | 'bytesPerDay' | 'partsAtOnce'
    >()
  })
})
