import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { analyse } from 'scslre'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'

/** Every regular expression in the code that reads what strangers send. */
function patterns() {
  const found: [where: string, source: string, flags: string][] = []
  for (const room of ['protocol', 'server', 'uploads-api']) {
    const folder = join(import.meta.dirname, '..', room)
    for (const name of readdirSync(folder)) {
      if (!name.endsWith('.ts') || name.includes('.test')) continue
      const text = readFileSync(join(folder, name), 'utf8')
      expect(text).not.toContain('new RegExp')
      const visit = (node: ts.Node): void => {
        const [, source = '', flags = ''] = ts.isRegularExpressionLiteral(node)
          ? (/^\/(.*)\/(\w*)$/s.exec(node.text) ?? [])
          : []
        if (source !== '') found.push([`${room}/${name} ${node.getText()}`, source, flags])
        ts.forEachChild(node, visit)
      }
      visit(ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true))
    }
  }
  return found
}

describe('a pattern takes steps in proportion to its text, whatever the text is:', () => {
  it.each(patterns())('%s', (_, source, flags) => {
    expect(analyse({ source, flags }).reports).toEqual([])
  })

  it('and a careless one would be found', () => {
    expect(analyse({ source: '^(a+)+$', flags: '' }).reports).not.toEqual([])
    expect(analyse({ source: '\\s+$', flags: '' }).reports).not.toEqual([])
  })
})
