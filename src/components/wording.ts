import { createMeasures, type Measures } from './measures.js'
import { type Messages, withEnglish } from './messages.js'

/** A language: its words and its way to write numbers. */
export interface Wording {
  messages: Messages
  measures: Measures
}

export function createWording(messages: Partial<Messages> | undefined, locale: string | undefined): Wording {
  return { messages: withEnglish(messages), measures: createMeasures(locale) }
}

/** A number for a message that has a plural. */
export function countOf(count: number, { measures }: Wording): { count: number; number: string } {
  return { count, number: measures.number(count) }
}
