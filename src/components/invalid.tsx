'use client'
import { createPart, type PartProps } from './part.js'
import { useRoot } from './root-context.js'

export type InvalidProps = PartProps<'p', object>

/** What is wrong with the list, as the app says; the Trigger is described by it. Renders a `p`, and nothing while all is well. */
export const Invalid = /* @__PURE__ */ createPart<'p', object>('invalid', 'p', function useInvalid(given) {
  const { invalid, limitsId } = useRoot()
  if (typeof invalid !== 'string') return null
  return { state: {}, own: { id: invalidIdOf(limitsId), children: invalid }, given }
})

export function invalidIdOf(limitsId: string): string {
  return `${limitsId}invalid`
}
