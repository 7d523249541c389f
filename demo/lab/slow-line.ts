// Timers are no finer than this, so a body may be that much ahead.
const AHEAD_MS = 5

/** A line of one speed that all requests of a visitor share: each chunk waits for its turn. */
export class SlowLine {
  #freeAt = 0

  /** The request with its body at the speed of the line; `speed` is asked for each chunk, in bytes a second. */
  carry(request: Request, speed: () => number | null): Request {
    const body = request.body?.getReader()
    if (!body) return request
    const stream = new ReadableStream<Uint8Array>(
      {
        pull: async (controller) => {
          const { done, value } = await body.read()
          if (done) return controller.close()
          await this.#turn(value.byteLength, speed())
          controller.enqueue(value)
        },
        cancel: (reason) => body.cancel(reason),
      },
      // Nothing is read ahead: what waits, waits in the browser.
      { highWaterMark: 0 },
    )
    return new Request(request, { body: stream, duplex: 'half' } as RequestInit)
  }

  #turn(bytes: number, bytesPerSecond: number | null): Promise<void> {
    const now = performance.now()
    this.#freeAt = Math.max(now, this.#freeAt) + (bytesPerSecond === null ? 0 : (bytes / bytesPerSecond) * 1000)
    const wait = this.#freeAt - now
    return wait < AHEAD_MS ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, wait))
  }
}
