/** A body that a test feeds, as it would come from a browser; what is sent after it was cancelled goes nowhere. */
export function fedBody() {
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined
  const state = { cancelled: false }
  const body = new ReadableStream<Uint8Array>({
    start: (given) => {
      controller = given
    },
    cancel: () => {
      state.cancelled = true
    },
  })
  return {
    body,
    state,
    send: (size: number) => state.cancelled || controller?.enqueue(new Uint8Array(size)),
    end: () => controller?.close(),
    fail: () => state.cancelled || controller?.error(new Error('socket hang up')),
  }
}
