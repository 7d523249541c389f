import { join } from 'node:path'

const src = join(import.meta.dirname, '../src')

/** The package by its own name, as the examples import it; tsconfig.json says the same to the type checker. */
export const doorAliases = [
  ['', 'index.ts'],
  ['/core', 'core/index.ts'],
  ['/styled', 'styled/index.ts'],
  ['/styles.css', 'styled/styles.css'],
  ['/server', 'server/index.ts'],
  ['/node', 'server/node.ts'],
  ['/redis', 'server/redis.ts'],
  ['/testing', 'testing/index.ts'],
].map(([door, file]) => ({
  find: new RegExp(`^react-openai-uploads${door?.replace('.', '\\.')}$`),
  replacement: join(src, file as string),
}))
