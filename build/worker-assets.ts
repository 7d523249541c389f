import { basename, join, posix } from 'node:path'
import { build } from 'esbuild'
import MagicString from 'magic-string'
import type { Plugin } from 'vite'

const literal = /new URL\(\s*(['"])(?:[^'"]*\/)?([\w-]+)\.worker\.ts\1,\s*import\.meta\.url\s*\)/g
/** Stands in for the URL between source and output; a bare name, so that Vite's own worker plugin sees no URL. */
const tokenOf = (name: string) => `__KIT_WORKER_URL__${name.replaceAll('-', '_')}__`

/**
 * Library build: emits each worker as ONE self-contained file and keeps
 * `new Worker(new URL('…/checksum.worker.js', import.meta.url))` literal in the module that
 * starts it, the one form that Vite, webpack, Turbopack, Rollup and Parcel all recognise.
 * Left alone, Vite would write an absolute `/assets/…` path that is wrong in every app.
 */
export function workerAssets(entries: readonly string[]): Plugin {
  let root = ''
  const workers = entries.map((entry) => {
    const name = basename(entry, '.worker.ts')
    return { entry, token: tokenOf(name), fileName: `${name}.worker.js` }
  })
  const started = new Set<string>()
  return {
    name: 'kit:worker-assets',
    apply: 'build',
    enforce: 'pre',
    configResolved(config) {
      root = config.root
    },
    buildStart() {
      started.clear()
    },
    transform: {
      filter: { id: /\/src\/.*\.tsx?$/, code: literal },
      handler: (code, id) =>
        edited(
          new MagicString(code, { filename: id }).replaceAll(literal, (_match, _quote, name: string) => tokenOf(name)),
        ),
    },
    renderChunk(code, chunk) {
      const found = workers.filter(({ token }) => code.includes(token))
      if (found.length === 0) return null
      const text = new MagicString(code)
      for (const { token, fileName } of found) {
        started.add(fileName)
        const path = posix.relative(posix.dirname(chunk.fileName), fileName)
        text.replaceAll(token, `new URL('${path.startsWith('.') ? path : `./${path}`}', import.meta.url)`)
      }
      return edited(text)
    },
    async generateBundle() {
      for (const { entry, fileName } of workers) {
        if (!started.has(fileName)) {
          this.error(`no module starts ${entry}: expected new Worker(new URL('./….worker.ts', import.meta.url), …)`)
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
      }
    },
  }
}

function edited(code: MagicString) {
  return { code: code.toString(), map: code.generateMap({ hires: 'boundary', includeContent: true }) }
}
