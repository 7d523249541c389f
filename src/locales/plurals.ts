import type { Count } from '../components/messages.js'

/**
 * Chooses words by a number, in as many forms as the language has: six in Arabic. `other` is what a language without a
 * form of its own for the number says.
 */
export function pluralsOf<Form extends Intl.LDMLPluralRule>(
  locale: string,
): (count: Count, forms: Record<Form | 'other', string>) => string {
  const rules = new Intl.PluralRules(locale)
  return ({ count }, forms) =>
    (forms as Partial<Record<Intl.LDMLPluralRule, string>>)[rules.select(count)] ?? forms.other
}
