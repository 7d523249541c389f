import { format } from 'node:util'
import '@testing-library/jest-dom/vitest'
import { cleanup } from '@testing-library/react'
import { afterEach } from 'vitest'

// React reports its warnings through console.error. A test that provokes one replaces it:
// vi.spyOn(console, 'error').mockImplementation(() => {})
const unexpected: string[] = []
const print = console.error
console.error = (...args: unknown[]) => {
  unexpected.push(format(...args))
  print(...args)
}

afterEach(() => {
  cleanup()
  const [first, ...more] = unexpected.splice(0)
  if (first !== undefined) throw new Error(`console.error was called ${more.length + 1} times, first: ${first}`)
})
