'use client'
import { createPart, type PartProps } from './part.js'
import { type RootContextValue, useRoot } from './root-context.js'
import { useFormMessage } from './use-form-message.js'

export type LabelProps = PartProps<'span', { required: boolean; invalid: boolean }>

/** What the files are, and whether one is needed: the name of the Dropzone, to be seen. Renders a `span`. */
export const Label = /* @__PURE__ */ createPart<'span', { required: boolean; invalid: boolean }>(
  'label',
  'span',
  function useLabel(given) {
    const root = useRoot()
    const { invalid } = useFormMessage()
    return { state: { required: root.formRules.required, invalid }, own: { children: labelText(root) }, given }
  },
)

export function labelText({ label, formRules, wording }: RootContextValue): string {
  const { messages } = wording
  const text = label ?? messages.dropzone
  return formRules.required ? messages.labelRequired({ label: text }) : text
}
