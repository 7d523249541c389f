import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { analyse } from 'scslre'
import ts from 'typescript'
import { describe, expect, it, vi } from 'vitest'

type Pattern = [where: string, source: string, flags: string]

/** Code that reads what strangers send. */
const modules = ['protocol', 'server', 'uploads-api'].flatMap((room) => {
  const folder = join(import.meta.dirname, '..', room)
  const names = readdirSync(folder).filter((name) => name.endsWith('.ts') && !name.includes('.test'))
  return names.map((name) => ({ name: `${room}/${name}`, path: join(folder, name) }))
})

/** Patterns that stand in the code as they are. */
const written = modules.flatMap(({ name, path }) => {
  const found: Pattern[] = []
  const visit = (node: ts.Node): void => {
    const [, source = '', flags = ''] = ts.isRegularExpressionLiteral(node)
      ? (/^\/(.*)\/(\w*)$/s.exec(node.text) ?? [])
      : []
    if (source !== '') found.push([`${name} ${node.getText()}`, source, flags])
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile(name, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true))
  return found
})

/** Patterns that are put together when a module is loaded. */
async function assembled() {
  const found: Pattern[] = []
  const construct = (target: RegExpConstructor, args: [string, string?]) => {
    const where = /src\/((?:protocol|server|uploads-api)\/[\w-]+\.ts)/.exec(new Error().stack ?? '')?.[1]
    const pattern = Reflect.construct(target, args) as RegExp
    if (where) found.push([`${where} ${pattern.source}`, pattern.source, pattern.flags])
    return pattern
  }
  vi.stubGlobal('RegExp', new Proxy(RegExp, { construct }))
  vi.resetModules()
  for (const { path } of modules) await import(path)
  vi.unstubAllGlobals()
  return found
}

describe('a pattern takes steps in proportion to its text, whatever the text is:', () => {
  it.each(written)('%s', (_, source, flags) => {
    expect(analyse({ source, flags }).reports).toEqual([])
  })

  it('also where it is put together of pieces', async () => {
    const patterns = await assembled()
    const builders = modules.filter(({ path }) => readFileSync(path, 'utf8').includes('new RegExp('))
    expect([...new Set(patterns.map(([where]) => where.split(' ')[0]))]).toEqual(builders.map(({ name }) => name))
    for (const [where, source, flags] of patterns)
      expect([where, analyse({ source, flags }).reports]).toEqual([where, []])
  })

  it('and a careless one would be found', () => {
    expect(analyse({ source: '^(a+)+$', flags: '' }).reports).not.toEqual([])
    expect(analyse({ source: '\\s+$', flags: '' }).reports).not.toEqual([])
  })
})
