import type { Limits } from './error-text.js'

/** What a drag can be told to become: red is shown only when it is certain. */
export type Drag = 'accept' | 'reject' | 'unknown'

export interface DragVerdict {
  drag: Drag
  /** How many files are dragged; null where the browser does not say. */
  count: number | null
  /** How many of them will be added; null unless that is certain. */
  fits: number | null
  /** How many more files the list takes, where more than that are dragged; null otherwise. */
  room: number | null
}

/**
 * Judges files that are still being dragged. Browsers then tell no name and often no type, Safari not even a count, so
 * "unknown" is the usual answer; a drag of which some files fit is never "reject".
 */
export function dragVerdict(
  data: Pick<DataTransfer, 'items'> | null,
  { accept, maxFiles }: Limits,
  taken: number,
  validates: boolean,
): DragVerdict {
  const types = [...(data?.items ?? [])].filter((item) => item.kind === 'file').map((item) => item.type)
  const count = types.length > 0 ? types.length : null
  const room = maxFiles === null ? Number.POSITIVE_INFINITY : Math.max(0, maxFiles - taken)
  if (room === 0) return { drag: 'reject', count, fits: 0, room: null }
  const answers = types.map((type) => verdictOfType(type, accept))
  if (answers.length > 0 && answers.every((answer) => answer === 'reject'))
    return { drag: 'reject', count, fits: 0, room: null }
  // Whatever the files turn out to be: there is no room for so many. A list of one has none for more: it replaces its file.
  const possible = answers.filter((answer) => answer !== 'reject').length
  const short = possible > room && maxFiles !== 1 ? room : null
  if (answers.length === 0 || answers.includes('unknown') || validates)
    return { drag: 'unknown', count, fits: null, room: short }
  return { drag: 'accept', count, fits: Math.min(room, possible), room: short }
}

function verdictOfType(type: string, accept: readonly string[] | null): Drag {
  if (accept === null) return 'accept'
  const [kind = '', subtype] = type.toLowerCase().split('/')
  const byType = accept.filter((entry) => entry.includes('/')).map((entry) => entry.toLowerCase())
  if (subtype && (byType.includes(type.toLowerCase()) || byType.includes(`${kind}/*`) || byType.includes('*/*')))
    return 'accept'
  // Only of pictures, sound and film do browsers know the type for sure, and only a list of those leaves no other way in.
  const media = accept.every((entry) => /^(image|audio|video)\//i.test(entry))
  return media && subtype ? 'reject' : 'unknown'
}
