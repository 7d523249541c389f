import { describe, expect, it } from 'vitest'
import { makeFile } from '../testing/index.js'
import { checkOptions, createRequestOf, type UploadOptions } from './upload-options.js'

const refusal = (options: Partial<UploadOptions>) => {
  try {
    checkOptions(options)
  } catch (error) {
    return error
  }
  return null
}

describe('options', () => {
  it.each([{}, { purpose: '' }, { purpose: 5 as unknown as string }])(
    'without a purpose are refused: %j',
    (options) => {
      expect(refusal(options)).toMatchObject({
        code: 'invalid_options',
        message: expect.stringContaining('purpose') as string,
      })
    },
  )

  it('take a purpose that the kit has not heard of', () => {
    expect(refusal({ purpose: 'next_years_purpose' })).toBeNull()
  })

  it.each([3600, 86_400, 2_592_000])('let a File live %i seconds', (expiresAfter) => {
    expect(refusal({ purpose: 'batch', expiresAfter })).toBeNull()
  })

  it.each([0, 3599, 2_592_001, 3600.5, Number.NaN, Number.POSITIVE_INFINITY])(
    'refuse a File’s life of %d seconds and name the bounds',
    (expiresAfter) => {
      expect(refusal({ purpose: 'batch', expiresAfter })).toMatchObject({
        code: 'invalid_options',
        message: expect.stringMatching(/3600.*2592000/) as string,
      })
    },
  )

  it('take metadata of 4096 bytes as JSON, and not a byte more', () => {
    const around = '{"note":""}'.length
    const metadata = (bytes: number) => ({ note: 'x'.repeat(bytes - around) })
    expect(refusal({ purpose: 'batch', metadata: metadata(4096) })).toBeNull()
    expect(refusal({ purpose: 'batch', metadata: metadata(4097) })).toMatchObject({ code: 'invalid_options' })
  })

  it('count metadata in bytes, not in letters', () => {
    expect(refusal({ purpose: 'batch', metadata: { note: 'ü'.repeat(2100) } })).toMatchObject({
      code: 'invalid_options',
    })
  })
})

describe('the body of create', () => {
  it('has a MIME type also where the browser knew none, and an app passed that on', () => {
    const request = createRequestOf(makeFile('data.jsonl', 7), { purpose: 'batch', mimeType: '' })
    expect(request.mime_type).toBe('text/jsonl')
  })

  it('declares the file by what is known of it', () => {
    expect(createRequestOf(makeFile('data.jsonl', 7), { purpose: 'batch' })).toEqual({
      filename: 'data.jsonl',
      bytes: 7,
      mime_type: 'text/jsonl',
      purpose: 'batch',
    })
  })

  it('takes the type from the name that OpenAI will show', () => {
    const file = makeFile('export.tmp', 7, { type: 'application/x-temp' })
    expect(createRequestOf(file, { purpose: 'batch', filename: 'data.jsonl' })).toMatchObject({
      filename: 'data.jsonl',
      mime_type: 'text/jsonl',
    })
    expect(createRequestOf(file, { purpose: 'batch', mimeType: 'text/plain' })).toMatchObject({
      mime_type: 'text/plain',
    })
  })

  it('asks for the File’s end in the API’s own words', () => {
    expect(createRequestOf(makeFile('a.pdf', 1), { purpose: 'user_data', expiresAfter: 3600 })).toMatchObject({
      expires_after: { anchor: 'created_at', seconds: 3600 },
    })
  })

  it('keeps metadata from OpenAI', () => {
    const request = createRequestOf(makeFile('a.pdf', 1), { purpose: 'user_data', metadata: { user: '1' } })
    expect(JSON.stringify(request)).not.toContain('user":')
    expect(Object.keys(request)).toEqual(['filename', 'bytes', 'mime_type', 'purpose'])
  })
})
