import { createMeasures, type Measures } from './measures.js'
import { type Messages, withEnglish } from './messages.js'

/** A language: its words, its way to write numbers, and its direction. */
export interface Wording {
  messages: Messages
  measures: Measures
  /** Of the words, which on an untranslated page is not that of the page. */
  dir: 'ltr' | 'rtl'
}

const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/
const FIRST_STRONG_ISOLATE = '\u2068'
const POP_ISOLATE = '\u2069'
const MOST_OF_A_NAME = 48

export function createWording(messages: Partial<Messages> | undefined, locale: string | undefined): Wording {
  const all = withEnglish(messages)
  const dir = RIGHT_TO_LEFT.test(all.chooseFiles) ? 'rtl' : 'ltr'
  return { messages: all, measures: createMeasures(locale), dir }
}

/** A number for a message that has a plural. */
export function countOf(count: number, { measures }: Pick<Wording, 'measures'>): { count: number; number: string } {
  return { count, number: measures.number(count) }
}

/**
 * A file's name as it is shown, and as our backend stores it: without the marks that make `fdp.exe` read as `exe.pdf`,
 * which work inside an isolate, too.
 */
export function shownName(name: string): string {
  return name.replace(/[\p{Cc}\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069\uFEFF]/gu, '') || name
}

/** A file's name in a sentence: shortened in the middle, as its ends tell it apart, and kept from turning the words around it. */
export function nameIn(name: string, { dir }: Pick<Wording, 'dir'>): string {
  // By characters: half an emoji is none.
  const letters = Array.from(shownName(name))
  const ends = MOST_OF_A_NAME / 2
  const short =
    letters.length > MOST_OF_A_NAME
      ? `${letters.slice(0, ends).join('')}…${letters.slice(-ends).join('')}`
      : letters.join('')
  return dir === 'rtl' || RIGHT_TO_LEFT.test(name) ? FIRST_STRONG_ISOLATE + short + POP_ISOLATE : short
}
