import type { Count } from '../components/messages.js'

/**
 * Chooses words by a number, in as many forms as the language has: six in Arabic. `other` is what is said where a number
 * has no form of its own.
 */
export function pluralsOf<Form extends Intl.LDMLPluralRule>(
  locale: string,
): (count: Count, forms: Partial<Record<Form, string>> & { other: string }) => string {
  const rules = new Intl.PluralRules(locale)
  return ({ count }, forms) =>
    (forms as Partial<Record<Intl.LDMLPluralRule, string>>)[rules.select(count)] ?? forms.other
}
