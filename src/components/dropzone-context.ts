'use client'
import { createContext } from 'react'

/** Opens the picker of the Dropzone that a Trigger is in. */
export const DropzoneContext = createContext<{ open: () => void } | null>(null)
