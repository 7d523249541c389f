'use client'
import type { ReactNode } from 'react'
import type { FormMessage } from './form-state.js'
import { createPart, type PartProps } from './part.js'
import { useRoot } from './root-context.js'
import { useFormMessage } from './use-form-message.js'

export interface FormErrorState {
  tone: FormMessage['tone']
}

interface FormErrorExtra {
  children?: (message: string) => ReactNode
}

export type FormErrorProps = PartProps<'p', FormErrorState, FormErrorExtra>

/** Why the form was not submitted, or what it waits for; the Trigger is described by it. Renders a `p`. */
export const FormError = /* @__PURE__ */ createPart<'p', FormErrorState, FormErrorExtra>(
  'form-error',
  'p',
  function useFormError({ children, ...given }) {
    const { formErrorId } = useRoot()
    const { message } = useFormMessage()
    if (!message) return null
    const { text, tone } = message
    return { state: { tone }, own: { id: formErrorId, children: children?.(text) ?? <bdi>{text}</bdi> }, given }
  },
)
