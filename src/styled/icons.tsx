import type { ReactNode } from 'react'
import type { UploadPhase } from '../core/index.js'

/** Decorative: every icon stands beside the word it repeats. One family, 20 px, strokes of 1.5 px. */
export function Icon({ children }: { children: ReactNode }): ReactNode {
  return (
    <svg
      className="ou-icon"
      viewBox="0 0 20 20"
      width="20"
      height="20"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {children}
    </svg>
  )
}

/** What an icon stands beside: how a row or the dropzone stands, or what a button of a row does. */
export type IconName =
  | UploadPhase
  | 'late'
  | 'upload'
  | 'add'
  | 'drop'
  | 'reject'
  | 'full'
  | 'disabled'
  | 'reading'
  | 'invalid'
  | 'pause'
  | 'resume'
  | 'try'
  | 'choose'
  | 'replace'
  | 'cancel'
  | 'discard'
  | 'undo'
  | 'retry'
  | 'signIn'
  | 'pauseOthers'
  | 'uploadNew'
  | 'copyId'
  | 'delete'
  | 'remove'

const clock = (
  <>
    <circle cx="10" cy="10" r="6.5" />
    <path d="M10 6.5V10l2.3 1.6" />
  </>
)
const alert = (
  <>
    <circle cx="10" cy="10" r="6.5" />
    <path d="M10 6.8v3.7m0 2.6v.1" />
  </>
)
const hourglass = <path d="M6 3.5h8m-8 13h8M7 3.5v2.8L10 10l3-3.7V3.5M7 16.5v-2.8L10 10l3 3.7v2.8" />
// Turns, and where nothing may move is an hourglass.
const spinner = (
  <>
    <path className="ou-spinner" d="M10 3.5a6.5 6.5 0 1 0 6.5 6.5" />
    <g className="ou-hourglass">{hourglass}</g>
  </>
)
/** Buttons of a row are words; an app may give them icons. */
const drawings: Partial<Record<IconName, ReactNode>> = {
  queued: clock,
  paused: <path d="M7.5 5.5v9m5-9v9" />,
  offline: <path d="m3.5 3.5 13 13M8 5.6a4.5 4.5 0 0 1 6 3.6 3 3 0 0 1 1.9 4.7M11.7 15H6.5a3.3 3.3 0 0 1-.9-6.4" />,
  interrupted: (
    <path d="M8.5 11.5a3 3 0 0 1 0-4.2M5.2 9.3 4 10.5a3.9 3.9 0 0 0 5.5 5.5l1.2-1.2m3.8-3.9 1.5-1.4A3.9 3.9 0 0 0 10.5 4L9.3 5.2M4 4l12 12" />
  ),
  retrying: (
    <path d="M15.8 8.5A6.2 6.2 0 0 0 4.4 7.3M4.2 11.5a6.2 6.2 0 0 0 11.4 1.2M4.3 3.8v3.5h3.5m7.9 8.9v-3.5h-3.5" />
  ),
  completed: (
    <>
      <circle cx="10" cy="10" r="6.5" />
      <path d="m7.2 10.2 2 2 3.7-4.2" />
    </>
  ),
  cancelled: (
    <>
      <circle cx="10" cy="10" r="6.5" />
      <path d="M7.2 10h5.6" />
    </>
  ),
  failed: alert,
  expired: (
    <>
      {hourglass}
      <path d="m3.5 3.5 13 13" />
    </>
  ),
  creating: spinner,
  completing: spinner,
  cancelling: spinner,
  uploading: <path d="M10 15.5v-11m0 0L5.8 8.7M10 4.5l4.2 4.2" />,
  late: hourglass,
  upload: <path d="M10 13V4m0 0L6.5 7.5M10 4l3.5 3.5M3.5 13v1.5a2 2 0 0 0 2 2h9a2 2 0 0 0 2-2V13" />,
  add: <path d="M10 4.5v11M4.5 10h11" />,
  drop: <path d="M10 3.5v9m0 0L6.5 9M10 12.5 13.5 9M3.5 13v1.5a2 2 0 0 0 2 2h9a2 2 0 0 0 2-2V13" />,
  reject: (
    <>
      <circle cx="10" cy="10" r="6.5" />
      <path d="m5.5 14.5 9-9" />
    </>
  ),
  full: (
    <>
      <circle cx="10" cy="10" r="6.5" />
      <path d="M10 9.5v3.7m0-6.4v.1" />
    </>
  ),
  disabled: <path d="M5.5 9h9v7h-9zm1.8 0V6.5a2.7 2.7 0 0 1 5.4 0V9" />,
  reading: spinner,
  invalid: <path d="M10 4 3.5 15.5h13zm0 4.5v3.2m0 2v.1" />,
}

/** Null where the kit has none of its own. */
export function ownIcon(name: IconName): ReactNode {
  const drawing = drawings[name]
  return drawing ? <Icon>{drawing}</Icon> : null
}
