import type { Plugin } from 'vite'

/**
 * Library build: the same styles for apps whose own CSS is in no layer. There, any rule of theirs would beat a layer, and
 * even `button { all: unset }` a selector that weighs nothing.
 */
export function unlayeredCss({ from, to }: { from: string; to: string }): Plugin {
  return {
    name: 'kit:unlayered-css',
    apply: 'build',
    generateBundle(_, bundle) {
      const asset = bundle[from]
      if (asset?.type !== 'asset') return this.error(`${from} is not in the build`)
      this.emitFile({ type: 'asset', fileName: to, source: withoutLayer(String(asset.source)) })
    },
  }
}

// Weighs as much as one class, and fits everything.
const WEIGHT = ':is(*, ._)'

/** Takes the one layer off, and gives each selector the weight of a class: all the same, so that their order decides. */
export function withoutLayer(css: string): string {
  const start = css.search(/@layer [\w-]+ \{/)
  const open = css.indexOf('{', start)
  const close = css.lastIndexOf('}')
  if (start < 0 || css.indexOf('@layer', open) >= 0) throw new Error('The styles have to be in one layer')
  const rules = css.slice(open + 1, close).replaceAll(/^ {2}/gm, '')
  return css.slice(0, start) + weighted(rules).trim() + css.slice(close + 1)
}

function weighted(rules: string): string {
  const pieces: string[] = []
  let from = 0
  for (const { index } of rules.matchAll(/^\s*:where\(/gm)) {
    const end = closingOf(rules, rules.indexOf('(', index)) + 1
    pieces.push(rules.slice(from, end), WEIGHT)
    from = end
  }
  return pieces.join('') + rules.slice(from)
}

function closingOf(text: string, open: number): number {
  let depth = 0
  for (let at = open; at < text.length; at += 1) {
    if (text[at] === '(') depth += 1
    if (text[at] === ')') depth -= 1
    if (depth === 0) return at
  }
  throw new Error('A bracket of the styles is never closed')
}
