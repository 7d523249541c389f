import { join, posix } from 'node:path'
import { build } from 'esbuild'
import MagicString from 'magic-string'
import type { Plugin } from 'vite'

const literal = /new URL\(\s*(['"])[^'"]*\.worker\.ts\1,\s*import\.meta\.url\s*\)/g
/** Stands in for the URL between source and output; a bare name, so that Vite's own worker plugin sees no URL. */
const token = '__KIT_WORKER_URL__'

/**
 * Library build: emits the worker as ONE self-contained file and keeps
 * `new Worker(new URL('…/checksum.worker.js', import.meta.url))` literal in the module that
 * starts it, the one form that Vite, webpack, Turbopack, Rollup and Parcel all recognise.
 * Left alone, Vite would write an absolute `/assets/…` path that is wrong in every app.
 */
export function workerAsset({ entry, fileName }: { entry: string; fileName: string }): Plugin {
  let root = ''
  let rewritten = 0
  return {
    name: 'kit:worker-asset',
    apply: 'build',
    enforce: 'pre',
    configResolved(config) {
      root = config.root
    },
    buildStart() {
      rewritten = 0
    },
    transform: {
      filter: { id: /\/src\/.*\.tsx?$/, code: literal },
      handler: (code, id) => edited(new MagicString(code, { filename: id }).replaceAll(literal, token)),
    },
    renderChunk(code, chunk) {
      if (!code.includes(token)) return null
      rewritten++
      const path = posix.relative(posix.dirname(chunk.fileName), fileName)
      const url = `new URL('${path.startsWith('.') ? path : `./${path}`}', import.meta.url)`
      return edited(new MagicString(code).replaceAll(token, url))
    },
    async generateBundle() {
      if (rewritten === 0) {
        this.error(`no module starts the worker: expected new Worker(new URL('./….worker.ts', import.meta.url), …)`)
      }
      const { outputFiles } = await build({
        entryPoints: [join(root, entry)],
        bundle: true,
        minify: true,
        format: 'iife', // the same bytes run as a module worker and as a classic one
        platform: 'browser',
        target: 'es2022',
        write: false,
      })
      const [worker, ...others] = outputFiles
      if (!worker || others.length > 0) this.error(`${entry} must come out as one file`)
      this.emitFile({ type: 'asset', fileName, source: worker.text })
    },
  }
}

function edited(code: MagicString) {
  return { code: code.toString(), map: code.generateMap({ hires: 'boundary', includeContent: true }) }
}
