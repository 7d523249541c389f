import { HEADERS, PART_FIELD, parseRange, type UploadPolicy } from '../protocol/index.js'
import { Refusal } from './answer.js'
import { openSender, type Sender } from './sender.js'
import type { Settings } from './settings.js'
import type { UploadClaims } from './token.js'

/** Room for boundaries and part headers around a part's bytes; clients write about 200. */
const FRAMING_ALLOWANCE = 64 * 1024

/** One token of RFC 2046 boundary characters, bare or quoted, and no other parameter: what is forwarded is this. */
const MULTIPART_TYPE = /^multipart\/form-data;\s?boundary=(?:[\w'+.-]{1,70}|"[\w'()+,./:=? -]{0,69}[\w'()+,./:=?-]")$/i

/** The multipart body for OpenAI, made from the browser's body while it arrives. */
export interface PartBody {
  readonly headers: Readonly<Record<string, string>>
  readonly stream: ReadableStream<Uint8Array>
  /** Bytes that were announced, null when none were. */
  readonly size: number | null
  /** Most bytes that are let through. */
  readonly limit: number
  /** Bytes that came in so far. */
  received(): number
  /** Aborted with a Refusal once the browser's bytes turn out short, long, slow or broken. */
  readonly broken: AbortSignal
  /** Whether every byte came in: as many as were announced, or up to the end where none were. */
  arrived(): boolean
  /** Lets go of the browser's body, and of the clock that it is read under. */
  release(): void
}

/** Checks what a part announces and starts its stream; nothing is held back beyond the chunk in hand. */
export function openPart(request: Request, claims: UploadClaims, settings: Settings): PartBody {
  const { policy } = settings
  const contentType = request.headers.get('content-type') ?? ''
  const size = readRangeSize(request, claims, policy)
  const announced = readContentLength(request)
  if (/^application\/octet-stream$/i.test(contentType)) return openRawPart(request, size, announced, settings)
  if (MULTIPART_TYPE.test(contentType)) {
    const limit = (size ?? Math.min(claims.bytes, policy.maxPartBytes)) + FRAMING_ALLOWANCE
    return openMultipartPart(request, contentType, limit, announced, settings)
  }
  throw new Refusal(
    415,
    'invalid_request',
    'Send a part as application/octet-stream, or as multipart/form-data with a boundary.',
  )
}

/** Bytes that `x-upload-range` names; null when the header is absent, as with the official clients. */
function readRangeSize(request: Request, claims: UploadClaims, policy: UploadPolicy): number | null {
  const header = request.headers.get(HEADERS.range)
  if (header === null) return null
  const range = parseRange(header)
  if (range?.bytesTotal !== claims.bytes) {
    throw new Refusal(400, 'invalid_request', `${HEADERS.range} must be start-end/${claims.bytes}, both inclusive.`, {
      param: HEADERS.range,
    })
  }
  const size = range.end - range.start
  if (size > policy.maxPartBytes) throw tooLarge(policy.maxPartBytes)
  return size
}

/** Null when the body is chunked, or when the request never was on a wire. */
function readContentLength(request: Request): number | null {
  const header = request.headers.get('content-length')
  if (header === null) return null
  if (!/^\d{1,15}$/.test(header)) throw new Refusal(400, 'invalid_request', 'content-length is not a number.')
  return Number(header)
}

function openRawPart(request: Request, size: number | null, announced: number | null, settings: Settings): PartBody {
  if (size === null) {
    throw new Refusal(400, 'invalid_request', `Send ${HEADERS.range}: start-end/bytes with a raw part.`, {
      param: HEADERS.range,
    })
  }
  // Frameworks that cut bodies keep or rewrite this header, so it is compared and the bytes are counted as well.
  if (announced !== null && announced < size) throw incomplete(announced, size)
  if (announced !== null && announced > size) throw tooLong(size)
  const boundary = `upload-${randomHex()}`
  const encoder = new TextEncoder()
  // The name is a constant: nothing of the user's gets into a header. Azure refuses a part without a type.
  const head = encoder.encode(
    `--${boundary}\r\nContent-Disposition: form-data; name="${PART_FIELD}"; filename="blob"\r\nContent-Type: application/octet-stream\r\n\r\n`,
  )
  const tail = encoder.encode(`\r\n--${boundary}--\r\n`)
  return meter(openSender(request.body, settings), {
    headers: {
      'content-type': `multipart/form-data; boundary=${boundary}`,
      'content-length': String(head.length + size + tail.length),
    },
    head,
    tail,
    expected: size,
    limit: size,
    overLimit: () => tooLong(size),
  })
}

function openMultipartPart(
  request: Request,
  contentType: string,
  limit: number,
  announced: number | null,
  settings: Settings,
): PartBody {
  const overLimit = () => tooLarge(limit - FRAMING_ALLOWANCE)
  if (announced !== null && announced > limit) throw overLimit()
  return meter(openSender(request.body, settings), {
    headers: {
      'content-type': contentType,
      ...(announced !== null && { 'content-length': String(announced) }),
    },
    expected: announced,
    limit: announced ?? limit,
    overLimit,
    // With the line break before it: within a line these are bytes of the file.
    closing: new TextEncoder().encode(`\r\n--${boundaryOf(contentType)}--`),
  })
}

/** Of a content type that MULTIPART_TYPE has let through. */
function boundaryOf(contentType: string): string {
  return contentType.slice(contentType.indexOf('=') + 1).replaceAll('"', '')
}

interface Meter {
  headers: Readonly<Record<string, string>>
  head?: Uint8Array
  tail?: Uint8Array
  /** Bytes that must come in, or null when nobody said. */
  expected: number | null
  limit: number
  overLimit: () => Refusal
  /** What a whole body ends with, a line break aside. A framework that cuts bodies may write the new length over the old. */
  closing?: Uint8Array
}

/** Passes the body on one chunk at a time, when asked for it, and counts. */
function meter(sender: Sender, { headers, head, tail, expected, limit, overLimit, closing }: Meter): PartBody {
  const broken = new AbortController()
  sender.cut.addEventListener('abort', () => broken.abort(sender.cut.reason), { once: true })
  let received = 0
  let ended = false
  const end = closing ? new LastBytes(closing.length + LINE_BREAK) : null

  const isClosed = () => !closing || end?.include(closing) === true
  const refusalOf = (chunk: ReadableStreamReadResult<Uint8Array>): Refusal | null => {
    if (chunk.done) {
      if (expected !== null && received < expected) return incomplete(received, expected)
      return isClosed() ? null : incomplete(received, null)
    }
    received += chunk.value.byteLength
    end?.push(chunk.value)
    return received > limit ? overLimit() : null
  }
  // An error instead of a close is what keeps OpenAI from taking a cut part for a whole one.
  const fail = (controller: ReadableStreamDefaultController<Uint8Array>, refusal: Refusal) => {
    controller.error(refusal)
    broken.abort(refusal)
    void sender.release(refusal)
  }
  const stream = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        if (head) controller.enqueue(head)
      },
      async pull(controller) {
        let chunk: ReadableStreamReadResult<Uint8Array>
        try {
          do chunk = await sender.read()
          while (!chunk.done && chunk.value.byteLength === 0)
        } catch (error) {
          return fail(controller, error instanceof Refusal ? error : incomplete(received, expected))
        }
        const refusal = refusalOf(chunk)
        if (refusal) return fail(controller, refusal)
        if (!chunk.done) return controller.enqueue(chunk.value)
        ended = true
        if (tail) controller.enqueue(tail)
        controller.close()
      },
      // Node's fetch cancels a body that it never began to send and leaves a rejection of that unhandled, which ends the
      // process; a browser that broke off rejects here.
      cancel: (reason) => sender.release(reason),
    },
    // Nothing is read ahead: what waits, waits in the browser.
    { highWaterMark: 0 },
  )
  return {
    headers,
    stream,
    size: expected,
    limit,
    received: () => received,
    broken: broken.signal,
    release: () => void sender.release(),
    arrived: () => (expected === null ? ended : received === expected) && isClosed(),
  }
}

const LINE_BREAK = 2

/** The last few bytes of a stream: all that is ever kept of it. */
class LastBytes {
  #kept = new Uint8Array()
  readonly #count: number

  constructor(count: number) {
    this.#count = count
  }

  push(chunk: Uint8Array): void {
    const last = chunk.subarray(Math.max(0, chunk.length - this.#count))
    const before = this.#kept.subarray(Math.max(0, this.#kept.length + last.length - this.#count))
    const kept = new Uint8Array(before.length + last.length)
    kept.set(before)
    kept.set(last, before.length)
    this.#kept = kept
  }

  include(bytes: Uint8Array): boolean {
    for (let at = 0; at + bytes.length <= this.#kept.length; at += 1) {
      if (bytes.every((byte, index) => byte === this.#kept[at + index])) return true
    }
    return false
  }
}

function randomHex(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function tooLarge(maxPartBytes: number): Refusal {
  return new Refusal(413, 'part_too_large', `A part may hold at most ${maxPartBytes} bytes here.`)
}

function tooLong(size: number): Refusal {
  return new Refusal(400, 'invalid_request', `The part holds more than the ${size} bytes of its ${HEADERS.range}.`)
}

function incomplete(received: number, expected: number | null): Refusal {
  return new Refusal(
    400,
    'part_incomplete',
    `Only ${received} ${expected === null ? '' : `of ${expected} `}bytes of the part arrived: the connection broke, or a body limit on the way cut it.`,
  )
}
