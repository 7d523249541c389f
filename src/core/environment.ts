/** The world around the engine, injected so that tests decide what time it is. */
export interface Environment {
  /** Wall clock, ms since the epoch: for what people read, and to notice sleep; it may jump either way. */
  now(): number
  /** Ms that have passed since some moment: never jumps, but may stand still while the machine sleeps. */
  elapsed(): number
  /** Runs `callback` once after `delay` ms; the returned function calls it off. */
  setTimer(callback: () => void, delay: number): () => void
  /** At least 0, below 1. */
  random(): number
  /** What the browser believes: a hint, never a gate, as it is wrong behind VPNs and after sleep. */
  isOnline(): boolean
  /** Whether the page can be seen; timers of hidden pages run late. */
  isVisible(): boolean
  /**
   * Calls back each time connections may have died unheard: the browser believes that it is online again, or shows a page
   * again that it had frozen. Returns the unsubscribe.
   */
  onOnline(callback: () => void): () => void
  /** Calls back each time trying again may help: the browser is online again, or the person is back. Returns the unsubscribe. */
  onWake(callback: () => void): () => void
  /** Calls back when the page is being left; returns the unsubscribe. */
  onPageHide(callback: () => void): () => void
  /** Takes a lock that all tabs share; null when another holder has it. */
  lock(name: string): Promise<TabLock | null>
  /** Waits for such a lock, for as long as it takes; rejects when the signal aborts. */
  waitForLock(name: string, signal: AbortSignal): Promise<TabLock>
  /** Joins the tabs that talk under a name, and hears what the others say; null where the browser has no such thing. */
  joinChannel(name: string, heard: (message: unknown) => void): TabChannel | null
}

/** A lock that all tabs share. */
export interface TabLock {
  /** False once another tab may hold it: leases, unlike the browser's own locks, run out while a page is frozen. */
  isHeld(): Promise<boolean>
  release(): void
}

export interface TabChannel {
  /** Says something to all tabs but this one; what is said must survive a structured clone. */
  post(message: unknown): void
  leave(): void
}
