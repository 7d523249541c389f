import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compile } from 'tailwindcss'
import type { Plugin } from 'vite'

/** Compiles `tailwind.css` for the words of its `@source` files. Tailwind's own plugin brings a native part for each platform. */
export function tailwind(): Plugin {
  return {
    name: 'tailwind',
    enforce: 'pre',
    async transform(code, id) {
      const [path = ''] = id.split('?')
      if (!path.endsWith('/tailwind.css')) return null
      const { build, sources } = await compile(code, { base: dirname(path), loadStylesheet })
      const files = sources.map(({ base, pattern }) => resolve(base, pattern))
      for (const file of files) this.addWatchFile(file)
      const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')))
      return { code: build(texts.flatMap((text) => text.split(/[\s"'`]+/))), map: null }
    },
  }
}

async function loadStylesheet(id: string) {
  const path = fileURLToPath(import.meta.resolve(id === 'tailwindcss' ? 'tailwindcss/index.css' : id))
  return { path, base: dirname(path), content: await readFile(path, 'utf8') }
}
