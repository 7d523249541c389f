import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { bytesOf, streamOf, textOf } from './api-caller.test.kit.js'
import { ApiError } from './errors.js'
import { readPartForm } from './multipart.js'

const file = 'Content-Disposition: form-data; name="data"; filename="blob"\r\nContent-Type: application/octet-stream'

function form(boundary: string, ...fields: [headers: string, data: string][]): string {
  return [
    ...fields.map(([headers, data]) => `--${boundary}\r\n${headers}\r\n\r\n${data}\r\n`),
    `--${boundary}--\r\n`,
  ].join('')
}

function requestOf(contentType: string, pieces: Iterable<Uint8Array>, signal?: AbortSignal): Request {
  const init = { method: 'POST', body: streamOf(pieces), duplex: 'half', headers: { 'content-type': contentType } }
  return new Request('http://api/v1/uploads/upload_1/parts', { ...init, ...(signal && { signal }) } as RequestInit)
}

async function dataOf(request: Request, unknownFields: 'refuse' | 'ignore' = 'refuse'): Promise<Uint8Array> {
  const bytes: number[] = []
  await readPartForm(request, { unknownFields, onData: async (chunk) => void bytes.push(...chunk) })
  return Uint8Array.from(bytes)
}

async function read(boundary: string, body: string, unknownFields?: 'refuse' | 'ignore'): Promise<string> {
  return textOf(await dataOf(requestOf(`multipart/form-data; boundary=${boundary}`, [bytesOf(body)]), unknownFields))
}

/** Pieces of these lengths, and the rest. */
function* cut(bytes: Uint8Array, lengths: readonly number[]) {
  let start = 0
  for (const length of lengths) {
    yield bytes.slice(start, start + length)
    start += length
  }
  yield bytes.slice(start)
}

describe('a form is read as its clients write it', () => {
  it.each([
    ['undici', '----formdata-undici-012345678901', '----formdata-undici-012345678901', file],
    ['the openai package, streaming', 'openai-4fzzzxjylrx', 'openai-4fzzzxjylrx', file],
    [
      '.NET, which quotes it',
      '"oudwTei=KVj_ax0"',
      'oudwTei=KVj_ax0',
      'Content-Disposition: form-data; name=data; filename=blob',
    ],
    ['.NET, without quotes', 'oudwTei=KVj_ax0', 'oudwTei=KVj_ax0', file],
    [
      'httpx',
      'b7c1d0a94b7e4c0d',
      'b7c1d0a94b7e4c0d',
      'Content-Disposition: form-data; name="data"; filename="upload"\r\nContent-Type: application/octet-stream',
    ],
    [
      'curl with a text field',
      '------------------------d74496d66958873e',
      '------------------------d74496d66958873e',
      'Content-Disposition: form-data; name="data"',
    ],
    ['lower-case headers', 'b', 'b', 'content-disposition:form-data;name="data"'],
    ['a quote in the file name', 'b', 'b', 'Content-Disposition: form-data; name="data"; filename="a%22b.txt"'],
    [
      'a name that another parameter imitates',
      'b',
      'b',
      'Content-Disposition: form-data; filename="; name=x"; name="data"',
    ],
    ['a Japanese file name', 'b', 'b', 'Content-Disposition: form-data; name="data"; filename="報告書.pdf"'],
    ['white space around its parameters', 'b', 'b', 'Content-Disposition:form-data ;\tname="data" ; filename=blob;'],
    [
      'an encoded file name',
      'b',
      'b',
      `Content-Disposition: form-data; name="data"; filename="a"; filename*=UTF-8''%E5%A0%B1.pdf`,
    ],
  ])('by %s', async (_, header, boundary, headers) => {
    expect(await read(header, form(boundary, [headers, 'once\r\nupon\r\n--a time']))).toBe('once\r\nupon\r\n--a time')
  })

  it('when parameters of the content type surround the boundary', async () => {
    const request = requestOf('Multipart/Form-Data; charset=utf-8; Boundary="a b"; x=y', [
      bytesOf(form('a b', [file, 'tale'])),
    ])
    expect(textOf(await dataOf(request))).toBe('tale')
  })

  it('with text before the first boundary and after the last', async () => {
    expect(await read('b', `hello\r\n${form('b', [file, 'tale'])}\r\nbye\r\n--b\r\n`)).toBe('tale')
  })

  it('with base64 left as it is', async () => {
    expect(await read('b', form('b', ['Content-Disposition: form-data; name="data"', 'aHR0cHM6Ly8=']))).toBe(
      'aHR0cHM6Ly8=',
    )
  })

  it('with data of no bytes', async () => {
    expect(await read('b', form('b', [file, '']))).toBe('')
  })

  it('whichever two places its bytes are cut at', async () => {
    const body = bytesOf(form('b-b', [file, '\r\n--b-\r\n\r\n--b-c--\r\r\n-']))
    for (let first = 0; first <= body.length; first++) {
      for (let second = 0; second <= 8; second++) {
        const request = requestOf('multipart/form-data; boundary=b-b', cut(body, [first, second]))
        expect(textOf(await dataOf(request))).toBe('\r\n--b-\r\n\r\n--b-c--\r\r\n-')
      }
    }
  })

  it('byte by byte', async () => {
    const body = bytesOf(form('b', [file, 'once\r\n--upon']))
    const request = requestOf('multipart/form-data; boundary=b', cut(body, Array(body.length).fill(1)))
    expect(textOf(await dataOf(request))).toBe('once\r\n--upon')
  })

  it.each(['a browser', 'Node'])('for any bytes in any pieces, in %s', async (place) => {
    // The parser searches in its own way where it may not rely on Buffer; Deno is such a place, like a browser.
    if (place === 'a browser') vi.stubGlobal('Deno', {})
    const bytes = fc.uint8Array({ maxLength: 200 })
    const nearBoundary = fc
      .array(fc.constantFrom(13, 10, 45, 98, 0), { maxLength: 60 })
      .map((list) => Uint8Array.from(list))
    const lengths = fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 20 })
    await fc.assert(
      fc.asyncProperty(fc.oneof(bytes, nearBoundary), lengths, async (data, pieces) => {
        fc.pre(!textOf(data).includes('\r\n--b-b-b'))
        const body = Uint8Array.from([
          ...bytesOf(`--b-b-b\r\n${file}\r\n\r\n`),
          ...data,
          ...bytesOf('\r\n--b-b-b--\r\n'),
        ])
        expect(await dataOf(requestOf('multipart/form-data; boundary=b-b-b', cut(body, pieces)))).toEqual(data)
      }),
      { numRuns: 500 },
    )
  })

  it('past fields that are ignored, when asked to', async () => {
    const other = 'Content-Disposition: form-data; name="purpose"'
    expect(await read('b', form('b', [other, 'batch'], [file, 'tale'], [other, 'x']), 'ignore')).toBe('tale')
  })
})

describe('a form is refused', () => {
  it.each<[string, string, RegExp, string?]>([
    ['with nothing in it', '--b--\r\n', /Missing required parameter: 'data'/],
    ['with no bytes at all', '', /ended before/],
    ['with another boundary', form('c', [file, 'tale']), /ended before/],
    ['with data twice', form('b', [file, 'one'], [file, 'two']), /more than once/],
    [
      'with another field',
      form('b', ['Content-Disposition: form-data; name="file"', 'x']),
      /Unknown parameter: 'file'/,
    ],
    [
      'with a field named like an array',
      form('b', ['Content-Disposition: form-data; name="data[0]"', '97']),
      /Unknown parameter: 'data\[0\]'/,
    ],
    ['with a field without a name', form('b', ['Content-Disposition: form-data', 'tale']), /malformed/],
    ['with a field without headers', '--b\r\n\r\ntale\r\n--b--\r\n', /malformed/],
    ['with an attachment', form('b', ['Content-Disposition: attachment; name="data"', 'tale']), /malformed/],
    ['with headers that are none', form('b', ['Content Disposition', 'tale']), /malformed/],
    ['with headers that have no end', `--b\r\n${'X-Long: '.padEnd(20_000, 'x')}`, /malformed/],
    [
      'with a file name that cannot be decoded',
      form('b', [`Content-Disposition: form-data; name="data"; filename*=UTF-8''%E5%A`, 'tale']),
      /malformed/,
    ],
    ['with headers cut short by a boundary', `--b\r\nContent-Disp\r\n${form('b', [file, 'tale'])}`, /malformed/],
    // Found by the fuzz: `npm run test:fuzz`.
    ['with a boundary among its headers', `--b:x \r\n${form('b:x', [file, 'tale'])}`, /malformed/, 'b:x'],
    ['that goes on after its last boundary', `--b--${form('b', [file, 'tale'])}`, /malformed/],
    [
      'with data that begins with its boundary',
      `--b\r\n${file}\r\n\r\n--b\r\n${form('b', [file, 'tale'])}`,
      /malformed/,
    ],
    ['with a boundary and more on its line', form('b', [file, 'tale\r\n--bc\r\n']), /malformed/],
    ['with a second name', form('b', [`${file}; name="x"`.replace(/\r\n.*;/s, ';'), 'tale']), /malformed/],
    [
      'with a file name that has two readings',
      form('b', ['Content-Disposition: form-data; filename="\\"; name=other; x=\\""; name="data"', 'tale']),
      /malformed/,
    ],
    ['with a text behind its name', form('b', ['Content-Disposition: form-data; name="data"x', 'tale']), /malformed/],
    ['cut off in the data', form('b', [file, 'tale']).slice(0, -10), /ended before/],
    ['cut off in the last boundary', form('b', [file, 'tale']).slice(0, -3), /ended before/],
    ['cut off in the headers', form('b', [file, 'tale']).slice(0, 30), /ended before/],
  ])('%s', async (_, body, words, boundary = 'b') => {
    const bytes = bytesOf(body)
    for (const length of [bytes.length || 1, 1, 7]) {
      const pieces = cut(bytes, Array(Math.floor(bytes.length / length)).fill(length))
      const refused = dataOf(requestOf(`multipart/form-data; boundary=${boundary}`, pieces))
      await expect(refused).rejects.toThrow(words)
      await expect(refused).rejects.toBeInstanceOf(ApiError)
    }
  })

  it.each([
    '',
    'application/json',
    'multipart/form-data',
    'multipart/form-data; boundary=',
    'multipart/form-data; boundary=""',
    'multipart/form-data; boundary="b',
    'multipart/form-data; boundary="b "',
    'multipart/form-data; boundary=b\\b',
    `multipart/form-data; boundary=${'b'.repeat(201)}`,
    'multipart/mixed; boundary=b',
  ])('with the content type %j', async (contentType) => {
    await expect(dataOf(requestOf(contentType, [bytesOf(form('b', [file, 'tale']))]))).rejects.toBeInstanceOf(ApiError)
  })

  it('without a body', async () => {
    const headers = { 'content-type': 'multipart/form-data; boundary=b' }
    await expect(dataOf(new Request('http://api/', { method: 'POST', headers }))).rejects.toThrow(/ended before/)
  })

  it('when its body fails', async () => {
    const body = function* () {
      yield bytesOf(form('b', [file, 'tale']).slice(0, -10))
      throw new Error('connection lost')
    }
    await expect(dataOf(requestOf('multipart/form-data; boundary=b', body()))).rejects.toThrow(/ended before/)
  })

  it.each([
    ['before the first boundary', ''],
    ['in a field that is ignored', '--b\r\nContent-Disposition: form-data; name="other"\r\n\r\n'],
    ['after the last boundary', form('b', [file, 'tale'])],
  ])('once it has a megabyte %s', async (_, start) => {
    const body = function* () {
      yield bytesOf(start)
      while (true) yield new Uint8Array(2 ** 16)
    }
    const request = requestOf('multipart/form-data; boundary=b', body())
    await expect(dataOf(request, 'ignore')).rejects.toThrow(/too large around its data/)
  })

  it('with an ApiError, whatever bytes are sent', async () => {
    const anything = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc
        .array(
          fc.constantFrom('--b', '\r\n', '--', file, 'Content-Disposition: form-data; name="', '"', ':', ';', 'x'),
          { maxLength: 20 },
        )
        .map((words) => bytesOf(words.join(''))),
    )
    await fc.assert(
      fc.asyncProperty(anything, async (bytes) => {
        const error = await dataOf(requestOf('multipart/form-data; boundary=b', [bytes])).catch(
          (error: unknown) => error,
        )
        expect(error instanceof ApiError || error instanceof Uint8Array).toBe(true)
      }),
      { numRuns: 1000 },
    )
  })
})

describe('the body', () => {
  it('is read no further than what its sink has taken', async () => {
    let sent = 0
    let taken = 0
    const body = function* () {
      yield bytesOf(`--b\r\n${file}\r\n\r\n`)
      for (; sent < 20; sent++) yield new Uint8Array(1000)
      yield bytesOf('\r\n--b--\r\n')
    }
    await readPartForm(requestOf('multipart/form-data; boundary=b', body()), {
      unknownFields: 'refuse',
      onData: async () => {
        // One chunk is in hand and one waits in the stream; no more.
        expect(sent - taken).toBeLessThanOrEqual(2)
        taken += 1
        await Promise.resolve()
      },
    })
    expect(taken).toBe(20)
  })

  it('is let go of as soon as the sink refuses', async () => {
    let cancelled = false
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(bytesOf(`--b\r\n${file}\r\n\r\n`)),
      pull: (controller) => controller.enqueue(new Uint8Array(1000)),
      cancel: () => {
        cancelled = true
      },
    })
    const headers = { 'content-type': 'multipart/form-data; boundary=b' }
    const request = new Request('http://api/', { method: 'POST', body, headers, duplex: 'half' } as RequestInit)
    const onData = () => Promise.reject(new ApiError('enough'))
    await expect(readPartForm(request, { unknownFields: 'refuse', onData })).rejects.toThrow('enough')
    expect(cancelled).toBe(true)
  })

  it('is let go of when the request is aborted while nothing comes', async () => {
    const abort = new AbortController()
    const silent = new ReadableStream<Uint8Array>({ start: (controller) => controller.enqueue(bytesOf('--b\r\n')) })
    const headers = { 'content-type': 'multipart/form-data; boundary=b' }
    const init = { method: 'POST', body: silent, headers, duplex: 'half', signal: abort.signal } as RequestInit
    const reading = dataOf(new Request('http://api/', init))
    abort.abort()
    await expect(reading).rejects.toBeInstanceOf(ApiError)
  })
})
