import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeMetadata, encodeMetadata, formatRange, isCreateKey, parseRange, pathOf, routeOf } from './http.js'

describe('x-upload-range', () => {
  it('names the last byte inclusively', () => {
    expect(formatRange({ start: 0, end: 1 }, 1)).toBe('0-0/1')
    expect(formatRange({ start: 100, end: 250 }, 1000)).toBe('100-249/1000')
  })

  it('comes back as it was written, for any range of any file', () => {
    const total = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER - 1 })
    const range = total.chain((bytesTotal) =>
      fc
        .tuple(fc.integer({ min: 0, max: bytesTotal - 1 }), fc.integer({ min: 0, max: bytesTotal - 1 }))
        .map(([a, b]) => ({ start: Math.min(a, b), end: Math.max(a, b) + 1, bytesTotal })),
    )
    fc.assert(
      fc.property(range, ({ start, end, bytesTotal }) => {
        expect(parseRange(formatRange({ start, end }, bytesTotal))).toEqual({ start, end, bytesTotal })
      }),
    )
  })

  it.each([
    '',
    'bytes 0-1/2',
    '0-1',
    '0-1/*',
    '-1-1/2',
    '5-4/10',
    '0-10/10',
    '0-0/0',
    '0-1/2 ',
    '0.5-1/2',
    '0-1/2,3-4/5',
    '00000000000000000-1/2',
    '0x0-1/2',
    '٠-١/٢',
  ])('is refused when it is %j', (header) => {
    expect(parseRange(header)).toBeNull()
  })

  it('never yields anything but a range inside the file, whatever the header says', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^\d{0,18}-\d{0,18}\/\d{0,18}$/)), (header) => {
        const range = parseRange(header)
        if (range) expect(0 <= range.start && range.start < range.end && range.end <= range.bytesTotal).toBe(true)
      }),
    )
  })
})

describe('x-upload-key', () => {
  it.each(['a'.repeat(16), '0f'.repeat(16), 'A-z_09'.padEnd(64, 'x')])('may be %j', (key) => {
    expect(isCreateKey(key)).toBe(true)
  })

  it.each(['', 'a'.repeat(15), 'a'.repeat(65), `${'a'.repeat(16)}\n`, 'ä'.repeat(16), 'a b'.repeat(8)])(
    'may not be %j',
    (key) => {
      expect(isCreateKey(key)).toBe(false)
    },
  )
})

describe('x-upload-metadata', () => {
  const record = fc.dictionary(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }))

  it('comes back as it was written, in any language', () => {
    fc.assert(
      fc.property(record, (metadata) => {
        expect(Object.entries(decodeMetadata(encodeMetadata(metadata)) ?? {})).toEqual(Object.entries(metadata))
      }),
    )
  })

  it('is made of characters that a header may hold', () => {
    fc.assert(
      fc.property(record, (metadata) => {
        expect(encodeMetadata(metadata)).toMatch(/^[A-Za-z0-9_-]+$/)
      }),
    )
  })

  const encoded = (json: string) => Buffer.from(json).toString('base64url')

  it.each([
    ['nothing', ''],
    ['no base64', '!!!'],
    ['no JSON', encoded('{')],
    ['a list', encoded('["a"]')],
    ['null', encoded('null')],
    ['a text', encoded('"a"')],
    ['a number as a value', encoded('{"a":1}')],
    ['an object as a value', encoded('{"a":{"b":"c"}}')],
    ['bytes that are no UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]).toString('base64url')],
  ])('is refused when it holds %s', (_what, header) => {
    expect(decodeMetadata(header)).toBeNull()
  })

  it('leaves the prototype alone', () => {
    const metadata = decodeMetadata(encoded('{"__proto__":"x"}'))
    expect(Object.getPrototypeOf(metadata)).toBe(Object.prototype)
    expect(({} as Record<string, unknown>).x).toBeUndefined()
  })

  it('never throws, whatever the header says', () => {
    fc.assert(
      fc.property(fc.string(), (header) => {
        const metadata = decodeMetadata(header)
        expect(metadata === null || Object.values(metadata).every((value) => typeof value === 'string')).toBe(true)
      }),
    )
  })
})

describe('routes', () => {
  it.each(['addPart', 'complete', 'cancel'] as const)('finds %s under the path that is written for it', (call) => {
    const uploadId = 'upload_aB3-_x'
    expect(routeOf('POST', pathOf(call, uploadId))).toEqual({ call, uploadId })
  })

  it('knows the two calls at the base', () => {
    expect(routeOf('GET', '')).toEqual({ call: 'policy' })
    expect(routeOf('GET', '/')).toEqual({ call: 'policy' })
    expect(routeOf('POST', '')).toEqual({ call: 'create' })
    expect(routeOf('POST', '/')).toEqual({ call: 'create' })
  })

  it.each([
    ['PUT', ''],
    ['HEAD', '/'],
    ['GET', '/upload_1/parts'],
    ['POST', '/upload_1'],
    ['POST', '/upload_1/'],
    ['POST', '/upload_1/parts/'],
    ['POST', '/upload_1/parts/extra'],
    ['POST', '//parts'],
    ['POST', '/file_1/parts'],
    ['POST', '/upload_/parts'],
    ['POST', '/upload_1/Parts'],
    ['POST', '/upload_1/toString'],
    ['POST', '/upload_..%2f..%2ffiles/parts'],
    ['POST', '/upload_1%2Fcancel/parts'],
    ['POST', `/upload_${'a'.repeat(129)}/parts`],
  ])('takes %s %s for none of the five calls', (method, path) => {
    expect(routeOf(method, path)).toBeNull()
  })

  it('cannot be led outside its path by an id', () => {
    expect(pathOf('cancel', '../../files/file_1')).toBe('/..%2F..%2Ffiles%2Ffile_1/cancel')
  })
})
