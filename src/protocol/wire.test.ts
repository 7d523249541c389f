import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  isPartId,
  isUploadId,
  parseErrorEnvelope,
  parseFileObject,
  parseRemoteUpload,
  parseUploadPart,
  parseUploadPolicy,
} from './wire.js'

const upload = {
  id: 'upload_abc123',
  object: 'upload',
  bytes: 2147483648,
  created_at: 1719184911,
  expires_at: 1719188511,
  filename: 'training.jsonl',
  purpose: 'fine-tune',
  status: 'pending',
} as const
const file = {
  id: 'file-xyz321',
  object: 'file',
  bytes: 2147483648,
  created_at: 1719186911,
  expires_at: null,
  filename: 'training.jsonl',
  purpose: 'fine-tune',
} as const
const part = { id: 'part_def456', object: 'upload.part', created_at: 1719186911, upload_id: 'upload_abc123' } as const
const policy = { purposes: ['user_data'], accept: null, maxBytes: 100, maxPartBytes: 10, concurrency: null }

/** Each field missing, and each with values of every wrong kind. */
function broken<T extends object>(good: T, wrong: { [K in keyof T]?: unknown[] }): [string, unknown][] {
  return Object.entries(wrong).flatMap(([field, values]) =>
    (values as unknown[]).map((value): [string, unknown] => [
      `${field} is ${value === undefined ? 'missing' : JSON.stringify(value)}`,
      value === undefined
        ? Object.fromEntries(Object.entries(good).filter(([name]) => name !== field))
        : { ...good, [field]: value },
    ]),
  )
}

const noCount = [undefined, null, '5', -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, {}]
const noText = [undefined, null, 5, {}, ['a']]

describe('an Upload', () => {
  it('is read as documented', () => {
    expect(parseRemoteUpload(upload)).toEqual(upload)
  })

  it('carries its File once it has one', () => {
    expect(parseRemoteUpload({ ...upload, status: 'completed', file })).toEqual({
      ...upload,
      status: 'completed',
      file,
    })
  })

  it('has no File where the body says null or nonsense', () => {
    for (const value of [null, 'file-1', {}, { ...file, object: 'upload' }]) {
      expect(parseRemoteUpload({ ...upload, file: value })).toEqual(upload)
    }
  })

  it('loses fields that nobody knows', () => {
    expect(parseRemoteUpload({ ...upload, apiKey: 'sk-secret' })).toEqual(upload)
  })

  it.each(
    broken(upload, {
      id: [...noText, '', 'upload_', 'part_1', 'upload_a/b', 'upload_a b', `upload_${'a'.repeat(129)}`, 'upload_ü'],
      object: [...noText, 'file', 'Upload'],
      bytes: noCount,
      created_at: noCount,
      expires_at: noCount,
      filename: noText,
      purpose: noText,
      status: [...noText, 'Pending', 'in_progress', ''],
    }),
  )('is none when its %s', (_what, body) => {
    expect(parseRemoteUpload(body)).toBeNull()
  })
})

describe('a File', () => {
  it('is read as documented', () => {
    const full = { ...file, status: 'processed', status_details: null }
    expect(parseFileObject(full)).toEqual(full)
  })

  it('may not know its size yet', () => {
    expect(parseFileObject({ ...file, bytes: null })?.bytes).toBeNull()
    const { bytes: _, ...withoutBytes } = file
    expect(parseFileObject(withoutBytes)?.bytes).toBeNull()
  })

  it('never expires where nothing is said', () => {
    const { expires_at: _, ...forever } = file
    expect(parseFileObject(forever)?.expires_at).toBeNull()
  })

  it.each(
    broken(file, {
      id: [...noText, ''],
      object: [...noText, 'upload'],
      bytes: ['5', -1, 1.5, {}],
      created_at: noCount,
      expires_at: ['5', -1, {}],
      filename: noText,
      purpose: noText,
    }),
  )('is none when its %s', (_what, body) => {
    expect(parseFileObject(body)).toBeNull()
  })
})

describe('a Part', () => {
  it('is read as documented, without fields that nobody knows', () => {
    expect(parseUploadPart({ ...part, size: 3 })).toEqual(part)
  })

  it.each(
    broken(part, {
      id: [...noText, '', 'part_', 'upload_1', 'part_a\n', 'part_a,part_b'],
      object: [...noText, 'part'],
      created_at: noCount,
      upload_id: noText,
    }),
  )('is none when its %s', (_what, body) => {
    expect(parseUploadPart(body)).toBeNull()
  })
})

describe('a policy', () => {
  it('is read with what it leaves open', () => {
    expect(parseUploadPolicy({ purposes: ['batch'], maxBytes: 1, maxPartBytes: 1 })).toEqual({
      purposes: ['batch'],
      accept: null,
      maxBytes: 1,
      maxPartBytes: 1,
      concurrency: null,
    })
  })

  it.each(
    broken(policy, {
      purposes: [undefined, null, 'batch', [1]],
      accept: ['.pdf', [1], {}],
      maxBytes: [...noCount, 0],
      maxPartBytes: [...noCount, 0],
      concurrency: ['4', 0, -1, 1.5, {}],
    }),
  )('is none when its %s', (_what, body) => {
    expect(parseUploadPolicy(body)).toBeNull()
  })
})

describe('an error envelope', () => {
  it('is read as documented', () => {
    const error = { message: 'Bad.', type: 'invalid_request_error', param: 'md5', code: 'x' }
    expect(parseErrorEnvelope({ error })).toEqual(error)
  })

  it('is read when all but its message is missing or of another kind', () => {
    expect(parseErrorEnvelope({ error: { message: 'Bad.', type: 5, param: {}, code: 404 } })).toEqual({
      message: 'Bad.',
      type: 'unknown',
      param: null,
      code: null,
    })
  })

  it.each([[null], ['<html>'], [[]], [{}], [{ error: 'Bad.' }], [{ error: { code: 'x' } }], [{ error: null }]])(
    'is not seen in %j',
    (body) => {
      expect(parseErrorEnvelope(body)).toBeNull()
    },
  )
})

describe('ids', () => {
  it('of Uploads and Parts are not taken for each other', () => {
    expect([isUploadId(upload.id), isPartId(part.id)]).toEqual([true, true])
    expect([isUploadId(part.id), isPartId(upload.id)]).toEqual([false, false])
  })

  it.each([undefined, null, 5, ['upload_1'], { toString: () => 'upload_1' }])('are texts, not %s', (value) => {
    expect([isUploadId(value), isPartId(value)]).toEqual([false, false])
  })
})

it('no parser throws or answers with half an object, whatever JSON arrives', () => {
  const near = fc.constantFrom<object>(upload, file, part, policy)
  const hostile = fc.oneof(
    fc.jsonValue(),
    fc
      .tuple(
        near,
        fc.dictionary(fc.constantFrom(...Object.keys({ ...upload, ...file, ...part, ...policy })), fc.jsonValue()),
      )
      .map(([good, changes]) => ({ ...good, ...changes })),
  )
  fc.assert(
    fc.property(hostile, (body) => {
      const read = parseRemoteUpload(body)
      if (read) expect([isUploadId(read.id), Number.isSafeInteger(read.bytes)]).toEqual([true, true])
      const readPart = parseUploadPart(body)
      if (readPart) expect(isPartId(readPart.id)).toBe(true)
      const readPolicy = parseUploadPolicy(body)
      if (readPolicy) expect(readPolicy.maxPartBytes).toBeGreaterThan(0)
      const readFile = parseFileObject(body)
      if (readFile) expect(readFile.bytes === null || readFile.bytes >= 0).toBe(true)
      expect([null, 'string']).toContain(parseErrorEnvelope(body) && typeof parseErrorEnvelope(body)?.message)
    }),
    { numRuns: 500 },
  )
})
