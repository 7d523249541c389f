import type { Environment } from './environment.js'

/** Timers and listeners by name; setting one calls off its predecessor, so none is ever forgotten. */
export class Alarms<Name extends string> {
  readonly #environment: Environment
  readonly #stops = new Map<Name, () => void>()

  constructor(environment: Environment) {
    this.#environment = environment
  }

  has(name: Name): boolean {
    return this.#stops.has(name)
  }

  /** Calls back once after `delay` ms. */
  after(name: Name, delay: number, callback: () => void): void {
    const stop = this.#environment.setTimer(() => {
      this.#stops.delete(name)
      callback()
    }, delay)
    this.keep(name, stop)
  }

  /** Keeps an unsubscribe function to be called when the alarm is called off. */
  keep(name: Name, stop: () => void): void {
    this.callOff(name)
    this.#stops.set(name, stop)
  }

  callOff(...names: Name[]): void {
    for (const name of names) {
      this.#stops.get(name)?.()
      this.#stops.delete(name)
    }
  }

  callOffAll(): void {
    this.callOff(...this.#stops.keys())
  }
}
