'use client'
import { createContext } from 'react'
import type { DropzoneRenderState } from './dropzone.js'

/** The Dropzone that a part is in: opens its picker, and says how it stands. */
export const DropzoneContext = createContext<{ open: () => void; state: DropzoneRenderState } | null>(null)
