import { Refusal } from './answer.js'
import { openSender } from './sender.js'
import type { Settings } from './settings.js'

/** Reads a request's JSON object, counting as it goes: a Content-Length can lie and a chunked body has none. */
export async function readJsonBody(
  request: Request,
  maxBytes: number,
  settings: Settings,
): Promise<Record<string, unknown>> {
  const contentType = request.headers.get('content-type') ?? ''
  // Also against CSRF: a form can send text/plain that happens to be JSON.
  if (!/^application\/json(?:\s*;\s*charset="?utf-8"?)?$/i.test(contentType)) {
    throw new Refusal(415, 'invalid_request', 'Send the body as content-type: application/json.')
  }
  const tooLarge = () => new Refusal(413, 'invalid_request', `The JSON body is larger than ${maxBytes} bytes.`)
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge()
  const sender = openSender(request.body, settings)
  let text: string | null
  try {
    text = await readText(sender, maxBytes)
  } catch (error) {
    if (error instanceof Refusal) throw error
    throw new Refusal(400, 'invalid_request', 'The body could not be read to its end as UTF-8.')
  } finally {
    void sender.release()
  }
  if (text === null) throw tooLarge()
  const value = parseJson(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Refusal(400, 'invalid_request', 'The body is not a JSON object.')
  }
  return value as Record<string, unknown>
}

/** A strict server upstream refuses what it does not know, and so do we: nothing rides along unseen. */
export function refuseUnknownFields(body: Record<string, unknown>, known: readonly string[]): void {
  for (const field of Object.keys(body)) {
    if (known.includes(field)) continue
    const name = /^\w{1,40}$/.test(field) ? field : null
    throw new Refusal(400, 'invalid_request', `Unknown field${name ? ` '${name}'` : ''} in the body.`, { param: name })
  }
}

/** Text of a stream, null when it holds more than `maxBytes`: the rest is then the caller's to let go. */
export async function readText(
  reader: Pick<ReadableStreamDefaultReader<Uint8Array>, 'read'>,
  maxBytes: number,
): Promise<string | null> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let text = ''
  let bytes = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return text + decoder.decode()
    bytes += value.byteLength
    if (bytes > maxBytes) return null
    text += decoder.decode(value, { stream: true })
  }
}

/** Undefined when `text` is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
