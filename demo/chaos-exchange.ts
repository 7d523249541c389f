import { connect, type Socket } from 'node:net'
import { type ActiveRule, type ChaosCall, callOf, type Place } from './chaos-faults.js'
import { type Head, MessageReader } from './chaos-message.js'

/** What an exchange needs from its proxy. */
export interface ExchangeHost {
  readonly target: { host: string; port: number }
  ruleFor(call: ChaosCall, head: Head): ActiveRule | null
  /** Resolves when this many more bytes may go on. */
  budget(bytes: number): Promise<void>
}

/**
 * One request and its reply. There is one per connection: both sides are told to close it after the reply, so that bytes
 * on a connection can be counted, and no browser sends a request a second time on its own because its connection was old.
 */
export class Exchange {
  call: ChaosCall = 'other'
  head: Head | null = null
  /** Bytes of the request's body that came in. */
  received = 0
  /** Whether the target got the whole request, at least once. */
  delivered = false
  /** Of the reply that was passed on, from its first byte; null when none was. */
  status: number | null = null
  readonly reply = { headBytes: 0, bodyBytes: 0 }
  readonly #client: Socket
  readonly #host: ExchangeHost
  readonly #request = new MessageReader()
  #rule: ActiveRule | null = null
  #upstream: Socket | null = null
  #stopped = false
  readonly #kept: Buffer[] = []

  constructor(client: Socket, host: ExchangeHost) {
    this.#client = client
    this.#host = host
    client.on('error', () => {})
    client.once('close', () => this.#end())
    void this.#run()
  }

  get isOpen(): boolean {
    return !this.#client.destroyed
  }

  /** Resets both connections. */
  reset(): void {
    this.#stopped = true
    resetNow(this.#client)
    if (this.#upstream) resetNow(this.#upstream)
  }

  async #run(): Promise<void> {
    try {
      for await (const chunk of this.#client.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
        const wasBegun = this.head !== null
        const body = this.#request.push(chunk)
        if (!this.#request.head) continue
        if (!wasBegun) await this.#begin(this.#request.head)
        await this.#takeBody(body)
        if (this.#stopped) return
      }
    } catch {
      // A connection that broke off is what this proxy is for.
    }
  }

  async #begin(head: Head): Promise<void> {
    this.head = head
    this.call = callOf(head)
    this.#rule = this.#host.ruleFor(this.call, head)
    const fault = this.#rule?.fault
    if (fault?.type === 'delay') await new Promise((resolve) => setTimeout(resolve, fault.ms))
    if (fault?.type === 'stall' && fault.where === 'before') await this.#hold()
    if (fault?.type === 'twice' || fault?.type === 'page') return
    const bytes = this.#headForTarget()
    await this.#forward(bytes, { of: 'head', from: 0, length: bytes.length })
  }

  async #takeBody(body: Buffer): Promise<void> {
    const from = this.received
    this.received += body.length
    const fault = this.#rule?.fault
    if (fault?.type === 'too_large') return this.#refuseBody(fault)
    if (fault?.type === 'twice' || fault?.type === 'page') {
      this.#kept.push(body)
      if (this.#request.isWhole)
        await (fault.type === 'page' ? this.#answerPage(fault) : this.#deliverTwice(fault.reply))
      return
    }
    const bytes = fault?.type === 'flip' ? flipped(body, fault, from) : body
    if (bytes !== body) this.#rule?.happened()
    const holdsReply = this.#request.isWhole && fault?.type === 'stall' && fault.where === 'after'
    if (holdsReply) (await this.#open()).pause()
    await this.#forward(bytes, { of: 'body', from, length: body.length })
    if (this.#request.isWhole && !this.#stopped) this.delivered = true
    if (holdsReply) await this.#hold()
  }

  // THE REQUEST

  /** Passes bytes on, up to where a rule says that something happens. */
  async #forward(
    bytes: Buffer,
    { of, from, length }: { of: Place['of']; from: number; length: number },
  ): Promise<void> {
    const fault = this.#rule?.fault
    const place = placeIn(fault, of, of === 'head' ? length : this.#request.announced)
    const end = from + length
    // A place at the end of the head is before any byte of the body, which may come much later.
    if (place === null || place < from || place > end || (place === end && of === 'body' && !this.#request.isWhole)) {
      return this.#send(bytes)
    }
    await this.#send(bytes.subarray(0, Math.min(place - from, bytes.length)))
    this.#rule?.happened()
    if (fault?.type === 'cut') return this.#cut()
    if (fault?.type === 'stall') await this.#hold()
    await this.#send(bytes.subarray(Math.min(place - from, bytes.length)))
  }

  async #send(bytes: Buffer): Promise<void> {
    if (bytes.length === 0 || this.#stopped) return
    await this.#host.budget(bytes.length)
    const upstream = await this.#open()
    if (this.#stopped || upstream.destroyed) return
    if (upstream.write(bytes)) return
    await new Promise<void>((resolve) => {
      upstream.once('drain', resolve)
      upstream.once('close', resolve)
    })
  }

  async #open(): Promise<Socket> {
    if (this.#upstream) return this.#upstream
    const upstream = connect(this.#host.target)
    this.#upstream = upstream
    upstream.on('error', () => {})
    const reply = new MessageReader()
    upstream.on('data', (chunk: Buffer) => this.#passReply(chunk, reply))
    upstream.once('end', () => this.#replyEnded())
    upstream.once('close', () => this.#replyEnded())
    await new Promise<void>((resolve) => {
      upstream.once('connect', resolve)
      upstream.once('close', resolve)
    })
    return upstream
  }

  /** Nothing is read and nothing is sent until the rule is released. */
  async #hold(): Promise<void> {
    this.#rule?.happened()
    this.#upstream?.pause()
    await this.#rule?.released
    this.#upstream?.resume()
  }

  #headForTarget(): Buffer {
    const text = this.#request.headBytes.toString('latin1')
    const [line = '', ...fields] = text.trimEnd().split('\r\n')
    const kept = fields.filter((field) => !/^connection:/i.test(field))
    return Buffer.from(`${[line, ...kept, 'connection: close'].join('\r\n')}\r\n\r\n`, 'latin1')
  }

  /** What arrived is on its way to the target before the reset takes it along. */
  #cut(): void {
    this.#stopped = true
    resetNow(this.#client)
    this.#upstream?.end()
    this.#upstream?.destroySoon()
  }

  // THE REPLY

  #passReply(chunk: Buffer, reply: MessageReader): void {
    const fault = this.#rule?.fault
    const hadHead = reply.head !== null
    const body = reply.push(chunk)
    if (!reply.head || this.#stopped) return
    if (fault?.type === 'swallow' || fault?.type === 'replace') return
    if (!hadHead) {
      this.status = Number(reply.head.line.split(' ')[1])
      this.reply.headBytes = reply.head.bytes
      this.#passReplyBytes(reply.headBytes, { of: 'head', from: 0, announced: reply.head.bytes })
    }
    const from = this.reply.bodyBytes
    this.reply.bodyBytes += body.length
    if (!this.#stopped && body.length > 0) this.#passReplyBytes(body, { of: 'body', from, announced: reply.announced })
  }

  #passReplyBytes(bytes: Buffer, { of, from, announced }: { of: Place['of']; from: number; announced: number | null }) {
    const fault = this.#rule?.fault
    const place = fault?.type === 'cut' && fault.message === 'reply' ? placeOf(fault.place, of, announced) : null
    if (place === null || place < from || place > from + bytes.length) {
      this.#client.write(bytes)
      return
    }
    this.#stopped = true
    this.#rule?.happened()
    // The last bytes have to get out before the reset.
    this.#client.write(bytes.subarray(0, place - from), () => this.reset())
  }

  #replyEnded(): void {
    if (this.#stopped) return
    const fault = this.#rule?.fault
    if (fault?.type === 'swallow') {
      this.#rule?.happened()
      this.reset()
    } else if (fault?.type === 'replace') {
      this.#answerPage(fault)
    } else this.#client.destroySoon()
  }

  #end(): void {
    this.#stopped = true
    this.#upstream?.destroy()
  }

  // IN PLACE OF THE TARGET

  #answerPage({ status, html }: { status: number; html: string }): void {
    this.#stopped = true
    this.status = status
    this.#rule?.happened()
    this.#client.end(pageOf(status, html))
  }

  /** Reads no further: what the browser still sends meets a closed door. */
  #refuseBody({ after, says }: { after: number; says: boolean }): void {
    if (this.received < after) return
    this.#stopped = true
    this.#rule?.happened()
    if (!says) return this.reset()
    this.status = 413
    this.#client.write(pageOf(413, '<h1>413 Request Entity Too Large</h1>'), () => this.reset())
  }

  async #deliverTwice(which: 'first' | 'second'): Promise<void> {
    this.#stopped = true
    const request = Buffer.concat([this.#headForTarget(), ...this.#kept])
    const first = await this.#ask(request)
    const second = await this.#ask(request)
    this.delivered = true
    this.#rule?.happened()
    const reply = which === 'first' ? first : second
    this.status = Number(reply.toString('latin1', 9, 12))
    this.#client.end(reply)
  }

  async #ask(request: Buffer): Promise<Buffer> {
    const chunks: Buffer[] = []
    const upstream = connect(this.#host.target)
    upstream.write(request)
    for await (const chunk of upstream) chunks.push(chunk as Buffer)
    return Buffer.concat(chunks)
  }
}

/** Node's own `resetAndDestroy` says goodbye (FIN) before it hangs up, and a reset that comes after that looks like an end. */
function resetNow(socket: Socket): void {
  Object.assign(socket, { resetAndClosing: true }).destroy()
}

/** Where in a section of the request something happens; null when nothing does. */
function placeIn(fault: ActiveRule['fault'] | undefined, of: Place['of'], length: number | null): number | null {
  if (fault?.type === 'cut') return fault.message === 'request' ? placeOf(fault.place, of, length) : null
  if (fault?.type === 'watch') return placeOf(fault.place, of, length)
  return fault?.type === 'stall' && typeof fault.where === 'object' ? placeOf(fault.where, of, length) : null
}

function placeOf(place: Place, of: Place['of'], length: number | null): number | null {
  if (place.of !== of || (place.at < 0 && length === null)) return null
  return place.at < 0 ? Math.max(0, (length ?? 0) + place.at) : place.at
}

function flipped(body: Buffer, { at, bit }: { at: number; bit: number }, from: number): Buffer {
  const index = at - from
  if (index < 0 || index >= body.length) return body
  const copy = Buffer.from(body)
  copy.writeUInt8(copy.readUInt8(index) ^ (1 << bit), index)
  return copy
}

function pageOf(status: number, html: string): string {
  return [
    `HTTP/1.1 ${status} Chaos`,
    'content-type: text/html; charset=utf-8',
    `content-length: ${Buffer.byteLength(html)}`,
    'connection: close',
    '',
    html,
  ].join('\r\n')
}
