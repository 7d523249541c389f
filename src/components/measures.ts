/** Numbers as words, in one language: every figure a person reads comes from here. */
export interface Measures {
  number(value: number): string
  /** A fraction from 0 to 1, rounded down: 99.9 % is not done. */
  percent(fraction: number): string
  /** `2.9 GB`. Decimal units, as file managers show them. */
  bytes(bytes: number): string
  /** `1.2` of `2.9 GB`: both in the unit of the whole, with the same decimals, so that the text does not jump. */
  bytesOf(sent: number, total: number): { sent: string; total: string }
  speed(bytesPerSecond: number): string
  /** How long, in steps that hide the jitter of an estimate; null when it is a matter of a few seconds. */
  duration(seconds: number): string | null
  seconds(seconds: number): string
  /** How long something is still there, rounded down: a deadline must never look further away than it is. */
  remaining(seconds: number): string
  /** Time of day of a moment in ms. */
  clock(at: number): string
  /** `a, b and c`. */
  list(items: readonly string[]): string
  /** `a, b or c`. */
  either(items: readonly string[]): string
}

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const

/** Formatters are slow to make and used on every row, so each is made once. */
export function createMeasures(locale?: string): Measures {
  const made = new Map<string, Intl.NumberFormat>()
  const numbers = (key: string, options: Intl.NumberFormatOptions): Intl.NumberFormat => {
    const format = made.get(key) ?? new Intl.NumberFormat(locale, options)
    made.set(key, format)
    return format
  }
  const plain = (value: number, digits: number) =>
    numbers(`plain ${digits}`, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value)
  const unit = (value: number, name: string, fixed: number | null, most = 1) =>
    numbers(`${name} ${fixed} ${most}`, {
      style: 'unit',
      unit: name,
      unitDisplay: name === 'byte' ? 'long' : 'short',
      ...(fixed === null
        ? { maximumFractionDigits: most }
        : { minimumFractionDigits: fixed, maximumFractionDigits: fixed }),
    }).format(value)
  const count = (value: number, name: string) => unit(value, name, 0)
  const minutesText = (minutes: number) => {
    if (minutes < 60) return count(minutes, 'minute')
    const hours = count(Math.floor(minutes / 60), 'hour')
    return minutes % 60 === 0 ? hours : `${hours} ${count(minutes % 60, 'minute')}`
  }
  let clock: Intl.DateTimeFormat | undefined
  let list: Intl.ListFormat | undefined
  let either: Intl.ListFormat | undefined

  return {
    number: (value) => numbers('number', {}).format(value),
    percent: (fraction) => numbers('percent', { style: 'percent' }).format(Math.floor(fraction * 100 + 1e-9) / 100),
    bytes(bytes) {
      const power = powerOf(bytes)
      return unit(bytes / 1000 ** power, UNITS[power] ?? 'byte', null)
    },
    bytesOf(sent, total) {
      const power = powerOf(total)
      const scale = 1000 ** power
      const digits = power < 2 || total / scale >= 100 ? 0 : 1
      return { sent: plain(sent / scale, digits), total: unit(total / scale, UNITS[power] ?? 'byte', digits) }
    },
    speed(bytesPerSecond) {
      const power = Math.max(1, powerOf(bytesPerSecond))
      const value = bytesPerSecond / 1000 ** power
      return unit(value, `${UNITS[power]}-per-second`, power === 1 || value >= 100 ? 0 : 1)
    },
    duration(seconds) {
      if (seconds < 5) return null
      if (seconds < 57.5) return count(Math.ceil(seconds / 5) * 5, 'second')
      const exact = seconds / 60
      return minutesText(exact < 10 ? Math.max(1, Math.round(exact)) : Math.round(exact / 5) * 5)
    },
    seconds: (seconds) => count(Math.max(1, Math.ceil(seconds)), 'second'),
    remaining: (seconds) =>
      seconds < 60 ? count(Math.max(0, Math.floor(seconds)), 'second') : minutesText(Math.floor(seconds / 60)),
    clock(at) {
      clock ??= new Intl.DateTimeFormat(locale, { timeStyle: 'short' })
      return clock.format(at)
    },
    list(items) {
      list ??= new Intl.ListFormat(locale, { type: 'conjunction' })
      return list.format(items)
    },
    either(items) {
      either ??= new Intl.ListFormat(locale, { type: 'disjunction' })
      return either.format(items)
    },
  }
}

function powerOf(bytes: number): number {
  // From 999.95 on, one decimal would round up to 1,000 of the smaller unit.
  const power = bytes < 1 ? 0 : Math.floor(Math.log10(bytes * 1.00005) / 3)
  return Math.min(UNITS.length - 1, power)
}
