import type { Plugin } from 'vite'

/**
 * Library build: leaves `export * as Uploads from './components/index.js'` as it is written.
 * Rolldown would turn the namespace into an object of getters, and an app that uses one part
 * would carry all of them; a real namespace export is what bundlers know how to shake.
 * The module named must be an entry of its own.
 */
export function namespaceDoor({ importer, source }: { importer: string; source: string }): Plugin {
  return {
    name: 'kit:namespace-door',
    apply: 'build',
    enforce: 'pre',
    resolveId(id, from) {
      if (id === source && from?.endsWith(importer)) return { id, external: true }
      return null
    },
  }
}
