import { UploadError } from '../protocol/index.js'

/** Throws `invalid_options`, saying what an option is and what to pass instead, unless it `fits`. */
export function expectOption(fits: boolean, name: string, value: unknown, wanted: string): void {
  if (!fits) throw new UploadError('invalid_options', `${name} is ${shown(value)}. Pass ${wanted}.`)
}

export function isNumberFrom(least: number, value: unknown): value is number {
  return typeof value === 'number' && value >= least
}

export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value)
  return value === null || (typeof value !== 'object' && typeof value !== 'function')
    ? String(value)
    : `a ${typeof value}`
}
