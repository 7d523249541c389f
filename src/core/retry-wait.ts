import { Alarms } from './alarms.js'
import type { Environment } from './environment.js'
import type { Recovery } from './recovery.js'

// A wait that ends this late was not delayed by load.
const OVERSLEPT_MS = 15_000

/** The wait before the next try: ends with its time, or with a sign of better times. */
export class RetryWait {
  readonly #environment: Environment
  readonly #recovery: Recovery
  readonly #onEnd: () => void
  readonly #alarms: Alarms<'time' | 'hope'>

  constructor(environment: Environment, recovery: Recovery, onEnd: () => void) {
    this.#environment = environment
    this.#recovery = recovery
    this.#onEnd = onEnd
    this.#alarms = new Alarms(environment)
  }

  get isOn(): boolean {
    return this.#alarms.has('time')
  }

  /** Begins, in place of one that is shorter; `held` when the server asked for it. */
  start(delay: number, held: boolean): void {
    const due = this.#environment.elapsed() + delay
    this.#alarms.after('time', delay, () => {
      // Told to wait, or asleep meanwhile: nothing could have been accepted.
      if (held || this.#environment.elapsed() - due > OVERSLEPT_MS) this.#recovery.excuse()
      this.#end()
    })
    // Our own patience ends as soon as there is hope; the server's is its own.
    if (held) return
    const stopHoping = this.#environment.onWake(() => {
      // However long it was: the time away is no time without progress.
      this.#recovery.excuse()
      this.#end()
    })
    this.#alarms.keep('hope', stopHoping)
  }

  /** Ends a wait of our own choosing; one that the server asked for goes on. */
  endOurs(): void {
    if (this.#alarms.has('hope')) this.#end()
  }

  /** There is nothing to wait for any more; nobody is called back. */
  callOff(): void {
    this.#alarms.callOffAll()
  }

  #end(): void {
    this.callOff()
    this.#onEnd()
  }
}
