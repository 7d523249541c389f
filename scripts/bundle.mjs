import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { build } from 'esbuild'

const root = join(import.meta.dirname, '..')
const { peerDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

/**
 * What an app pays for `source`: bundled and minified as an app would, dependencies included, our peers (React, TanStack
 * Query) left out. What dynamic imports load later is weighed on its own. Names are looked up in `resolveDir`.
 */
export async function bundle(source, { loader = 'js', resolveDir } = {}) {
  const atOnce = await buildApp(source, { loader, resolveDir })
  const { inputs, imports } = atOnce.metafile.outputs[`out/stdin.${loader}`]
  // Cut into files, to see what comes later beside what is there already.
  const { outputFiles, metafile } = await buildApp(source, { loader, resolveDir, splitting: loader === 'js' })
  const { outputs } = metafile
  const entry = `out/stdin.${loader}`
  const now = reachedFrom([entry], outputs, ['import-statement'])
  const all = reachedFrom([entry], outputs, ['import-statement', 'dynamic-import'])
  const weighed = (paths) =>
    weigh(...paths.map((path) => outputFiles.find((file) => file.path.endsWith(path.slice(3))).contents))
  return {
    ...weigh(...atOnce.outputFiles.map(({ contents }) => contents)),
    later: weighed(all.filter((path) => !now.includes(path))),
    /** What a module loads when it is asked for, beside what is there already. */
    onDemand: (module) => {
      const from = all.find((path) => outputs[path].entryPoint?.endsWith(module))
      return weighed(reachedFrom([from], outputs, ['import-statement']).filter((path) => !now.includes(path)))
    },
    modules: Object.entries(inputs).flatMap(([name, { bytesInOutput }]) => (bytesInOutput ? [name] : [])),
    externals: imports.flatMap(({ path, kind }) => (kind === 'import-statement' ? [path] : [])),
  }
}

/**
 * The app's own file is `out/stdin.js`. It holds all that is loaded at once, as where Vite, Rollup and webpack build an app:
 * they leave what a later file shares with it where it is. esbuild's `splitting` takes that out into a file of its own.
 */
export function buildApp(
  source,
  { loader = 'js', resolveDir = join(root, 'dist'), splitting = false, ...options } = {},
) {
  return build({
    stdin: { contents: source, resolveDir, sourcefile: 'app', loader },
    bundle: true,
    minify: true,
    splitting,
    format: 'esm',
    target: 'es2022',
    // Some alternatives ask for Node's modules where they are not in a browser.
    platform: 'browser',
    external: [...Object.keys(peerDependencies), 'node:*'],
    define: { 'process.env.NODE_ENV': '"production"' },
    plugins: splitting ? [] : [withoutLater],
    outdir: 'out',
    metafile: true,
    write: false,
    logLevel: 'error',
    ...options,
  })
}

/** Leaves what dynamic imports load out, which esbuild would put into the one file as well. */
const withoutLater = {
  name: 'without-later',
  setup({ onResolve }) {
    onResolve({ filter: /./ }, ({ kind, path }) => (kind === 'dynamic-import' ? { path, external: true } : undefined))
  },
}

function reachedFrom(paths, outputs, kinds) {
  const reached = new Set(paths)
  for (const path of reached) {
    for (const next of outputs[path].imports) if (!next.external && kinds.includes(next.kind)) reached.add(next.path)
  }
  return [...reached]
}

const sum = (numbers) => numbers.reduce((a, b) => a + b, 0)

/** Bytes as they travel: each file compressed by itself. */
export const weigh = (...files) => ({
  gzip: sum(files.map((file) => gzipSync(file, { level: 9 }).length)),
  brotli: sum(files.map((file) => brotliCompressSync(file).length)),
})
