const LETTERS_BEFORE_EXTENSION = 6
const LONGEST_EXTENSION = 8

/**
 * A name in two, for a row of one line that cuts it in the middle: names differ at their ends. `end` is the extension with
 * the six letters before it. What a reader takes for one letter is not cut.
 */
export function endsOf(name: string): { start: string; end: string } {
  const letters = lettersOf(name)
  const dot = letters.lastIndexOf('.')
  const extension = dot > 0 && letters.length - dot <= LONGEST_EXTENSION + 1 ? letters.length - dot : 0
  const cut = Math.max(0, letters.length - extension - LETTERS_BEFORE_EXTENSION)
  return { start: letters.slice(0, cut).join(''), end: letters.slice(cut).join('') }
}

function lettersOf(name: string): string[] {
  // Firefox has it since 125.
  if (!('Segmenter' in Intl)) return Array.from(name)
  return Array.from(new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(name), ({ segment }) => segment)
}
