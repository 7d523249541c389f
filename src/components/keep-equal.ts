/**
 * A selector that gives the same object again while its entries are the same, so that a component draws only when
 * something it shows has changed.
 */
export function keepEqual<In, Out>(select: (value: In) => Out): (value: In) => Out {
  let last: Out | undefined
  return (value) => {
    const next = select(value)
    if (last === undefined || !isEqual(last, next)) last = next
    return last
  }
}

function isEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  const keys = Object.keys(a)
  if (keys.length !== Object.keys(b).length) return false
  // One level deep in a nested value is enough: a part's picture or line is an object of strings.
  return keys.every((key) => {
    const [left, right] = [(a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]]
    return Object.is(left, right) || (isPlain(left) && isPlain(right) && isEqual(left, right))
  })
}

function isPlain(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}
