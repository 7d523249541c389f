import type { Environment, TabChannel } from '../environment.js'
import { parseTabMessage, type TabMessage, toWire } from './tab-messages.js'

const CHANNEL = 'react-openai-uploads'

/** Talks with the other tabs of this browser; joined at the first word, so that a page without uploads never does. */
export class Tabs {
  readonly #environment: Environment
  readonly #heard: (message: TabMessage) => void
  #channel: TabChannel | null | undefined

  constructor(environment: Environment, heard: (message: TabMessage) => void) {
    this.#environment = environment
    this.#heard = heard
  }

  join(): void {
    if (this.#channel !== undefined) return
    this.#channel = this.#environment.joinChannel(CHANNEL, (value) => {
      const message = parseTabMessage(value)
      if (message) this.#heard(message)
    })
  }

  post(message: TabMessage): void {
    this.join()
    this.#channel?.post(toWire(message))
  }

  /** Says and hears nothing any more. */
  leave(): void {
    this.#channel?.leave()
    this.#channel = null
  }
}
