'use client'
import { createContext, type ReactElement, type ReactNode, useContext } from 'react'
import type { PartElementProps } from '../components/part.js'
import { type IconName, ownIcon } from './icons.js'

/** The elements of UploadDropzone, and the classes that styles.css knows them by. */
const slots = {
  root: 'ou-root',
  label: 'ou-label',
  dropzone: 'ou-dropzone',
  dropzoneIcon: 'ou-dropzone-icon',
  dropzoneWords: 'ou-dropzone-words',
  dropzoneLine: 'ou-dropzone-line',
  trigger: 'ou-button ou-trigger',
  hint: 'ou-hint',
  limits: 'ou-limits',
  formError: 'ou-form-error',
  thumbnail: 'ou-thumbnail',
  rejections: 'ou-rejections',
  banner: 'ou-banner',
  bannerText: 'ou-banner-text',
  summary: 'ou-summary',
  summaryText: 'ou-summary-text',
  view: 'ou-actions ou-view',
  filter: 'ou-button ou-chip',
  list: 'ou-list',
  item: 'ou-item',
  itemIcon: 'ou-item-icon',
  itemLine: 'ou-item-line',
  name: 'ou-name',
  size: 'ou-size',
  badge: 'ou-badge',
  bar: 'ou-bar',
  activity: 'ou-activity',
  actions: 'ou-actions',
  action: 'ou-button ou-quiet',
  details: 'ou-details',
} as const

export type Slot = keyof typeof slots

export interface LookOptions {
  /** Classes by element, beside the kit's own. Keep it outside the component, or every row draws again. */
  classNames?: Partial<Record<Slot, string>> | undefined
  /** Icons in place of the kit's, and for buttons, which have none; `null` takes one away. */
  icons?: Partial<Record<IconName, ReactNode>> | undefined
  /** Leaves the kit's own classes out. @default false */
  unstyled?: boolean | undefined
}

export const LookContext = createContext<LookOptions>({})

export interface Look {
  classOf: (slot: Slot) => string | undefined
  iconOf: (name: IconName) => ReactNode
}

export function useLook(): Look {
  return lookOf(useContext(LookContext))
}

export function lookOf({ classNames = {}, icons = {}, unstyled = false }: LookOptions): Look {
  return {
    classOf: (slot) => [!unstyled && slots[slot], classNames[slot]].filter(Boolean).join(' ') || undefined,
    iconOf: (name) => (icons[name] === undefined ? ownIcon(name) : icons[name]),
  }
}

/** For `render` of a button: its words, and before them the icon that the app may have given. */
export function withIcon<State extends object>(look: Look, nameOf: (state: State) => IconName) {
  return ({ children, ...props }: PartElementProps, state: State): ReactElement => (
    <button type="button" {...props}>
      {look.iconOf(nameOf(state))}
      {children}
    </button>
  )
}
