import { Refusal } from './answer.js'
import { toBase64Url } from './token.js'

/** How the handler speaks to a store, which may fail. */
export interface StoreCalls {
  /** Before a call to OpenAI, a store that fails ends it: what cannot be counted is not given away. */
  ask<T>(answer: Promise<T>): Promise<T>
  /** Afterwards nothing may change what became of the call. */
  tell<T>(answer: Promise<T>, otherwise: T): Promise<T>
}

/** `onTrouble` hears of what fails where the answer stands. */
export function callStore(onTrouble: (error: unknown) => void): StoreCalls {
  return {
    async ask(answer) {
      try {
        return await answer
      } catch (cause) {
        throw new Refusal(503, 'server_error', 'The upload backend failed.', { cause })
      }
    },
    async tell(answer, otherwise) {
      try {
        return await answer
      } catch (error) {
        onTrouble(error)
        return otherwise
      }
    },
  }
}

/** Stores are often shared, so they see no names; and a key of theirs is short whatever the text is. */
export async function digestOf(text: string): Promise<string> {
  return toBase64Url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))))
}
