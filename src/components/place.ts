'use client'
import { createContext } from 'react'

/** Where a row is in a list of which only a part is drawn. */
export interface Place {
  /** From 0. */
  readonly index: number
  /** Rows of the whole list. */
  readonly count: number
  /** Height in px of the rows before it that are not drawn. */
  readonly gap: number
  /** Takes the row's height, once somebody wants to know. */
  readonly measure: ((row: HTMLElement | null) => void) | undefined
}

/** Null where every row is drawn: then the list itself says how many there are. */
export const PlaceContext = createContext<Place | null>(null)
