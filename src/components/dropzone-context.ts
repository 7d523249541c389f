'use client'
import { createContext } from 'react'
import type { Drag } from './drag-verdict.js'

export interface DropzoneState {
  /** While files are over it: whether they can be added, as far as can be known. */
  drag: Drag | undefined
  /** Files are being dragged somewhere over the page. */
  dragging: boolean
  /** Files are being read or checked. */
  reading: boolean
  full: boolean
  disabled: boolean
  /** The form was refused because of this list, or the app says that it is wrong. */
  invalid: boolean
  required: boolean
}

/** The same with its numbers, for words. */
export interface DropzoneRenderState extends DropzoneState {
  /** How many files are dragged; null where the browser does not say. */
  count: number | null
  /** How many of them will be added; null unless that is certain. */
  fits: number | null
  /** How many more files the list takes, where more than that are dragged; null otherwise. */
  room: number | null
  /** Files found so far in a dropped folder; null while none is read. */
  found: number | null
}

/** The Dropzone that a part is in: opens its picker, and says how it stands. */
export const DropzoneContext = createContext<{ open: () => void; state: DropzoneRenderState } | null>(null)
