import { browserEnvironment, type Environment } from '../../src/core/index.js'

const browser = browserEnvironment()
const listeners = new Set<() => void>()
let isOut = false

/** What the browser would notice itself if it were its own plug: that there is no network, and that it is back. */
export function setPlug(out: boolean): void {
  isOut = out
  if (!out) for (const listener of [...listeners]) listener()
}

function hear(callback: () => void, stop: () => void): () => void {
  listeners.add(callback)
  return () => {
    listeners.delete(callback)
    stop()
  }
}

/**
 * The browser, and the plug of the lab. The connections themselves are broken by the backend; this is only the hint that a
 * browser gives its page.
 */
export const environment: Environment = {
  ...browser,
  isOnline: () => !isOut && browser.isOnline(),
  onOnline: (callback) => hear(callback, browser.onOnline(callback)),
  onWake: (callback) => hear(callback, browser.onWake(callback)),
}
