export type Density = 'comfortable' | 'compact'

export interface Tokens {
  /** One colour for light and one for dark. */
  accent: string
  /** CSS pixels, as the two below. */
  radius: number
  space: number
  bar: number
}

/** What a density brings along by itself, as long as nobody says otherwise. */
export const DENSITIES: Record<Density, Pick<Tokens, 'space' | 'bar'>> = {
  comfortable: { space: 12, bar: 6 },
  compact: { space: 8, bar: 4 },
}

/** Each has enough contrast for a bar and a focus ring, on white and on near-black; the first is the kit's own. */
export const ACCENTS = {
  Blue: 'light-dark(#2563eb, #60a5fa)',
  Teal: 'light-dark(#0f766e, #2dd4bf)',
  Violet: 'light-dark(#6d28d9, #a78bfa)',
  Ink: 'light-dark(#0f172a, #e2e8f0)',
  Rust: 'light-dark(#9a3412, #fb923c)',
} as const

/** The public variables of the kit. */
export function themeOf({ accent, radius, space, bar }: Tokens): Record<string, string> {
  return {
    '--ou-accent': accent,
    '--ou-radius': `${radius}px`,
    '--ou-space': `${space}px`,
    '--ou-bar-size': `${bar}px`,
  }
}

export function cssOf(tokens: Tokens): string {
  const lines = Object.entries(themeOf(tokens)).map(([name, value]) => `  ${name}: ${value};`)
  return `.uploads {\n${lines.join('\n')}\n}`
}
