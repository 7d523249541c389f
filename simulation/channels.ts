import type { TabChannel } from '../src/core/environment.js'
import type { Page } from './world.js'

interface Member {
  readonly name: string
  readonly page: Page
  readonly heard: (message: unknown) => void
  /** What is on its way to it, in order, however late each of them is. */
  readonly unheard: unknown[]
}

/** What all pages of one browser hear of each other, as by a BroadcastChannel: copies, in order, a moment later. */
export class Channels {
  readonly #members = new Set<Member>()

  joinedBy(page: Page): number {
    return Array.from(this.#members).filter((member) => member.page === page).length
  }

  join(name: string, page: Page, heard: (message: unknown) => void): TabChannel {
    const member: Member = { name, page, heard, unheard: [] }
    this.#members.add(member)
    return {
      post: (message) => {
        const copy: unknown = structuredClone(message)
        for (const other of this.#members) {
          if (other === member || other.name !== name) continue
          other.unheard.push(copy)
          other.page.deliver(1, () => {
            const next = other.unheard.shift()
            if (this.#members.has(other)) other.heard(next)
          })
        }
      },
      leave: () => this.#members.delete(member),
    }
  }

  letGo(page: Page): void {
    for (const member of this.#members) if (member.page === page) this.#members.delete(member)
  }
}
