/** What the lab can do to one visitor's uploads, each until it is taken back. */
export const FAULTS = ['cut', 'part_3', 'rate_limit', 'too_large', 'short_life', 'slow_complete'] as const

export type FaultName = (typeof FAULTS)[number]

export interface Conditions {
  /** Speed of the visitor's line, null for as fast as it goes. */
  bytesPerSecond: number | null
  faults: readonly FaultName[]
}

export const LAB_PATH = '/api/demo/lab'
/** Whose conditions a request is under: one page of one visitor. */
export const SESSION_HEADER = 'x-demo-session'

/** What there is to know about the faults, on both sides of the wire. */
export const LARGEST_BODY = 2 ** 19
export const RETRY_AFTER_SECONDS = 5
export const SHORT_LIFE_SECONDS = 60
export const SLOW_COMPLETE_MS = 8000

/** Null when it is anything else. */
export function parseConditions(value: unknown): Conditions | null {
  const { bytesPerSecond, faults } = (value ?? {}) as Record<string, unknown>
  const isSpeed = bytesPerSecond === null || (typeof bytesPerSecond === 'number' && bytesPerSecond >= 1000)
  const isList = Array.isArray(faults) && faults.every((fault) => FAULTS.includes(fault))
  return isSpeed && isList ? { bytesPerSecond, faults } : null
}
