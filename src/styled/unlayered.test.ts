import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { withoutLayer } from '../../build/unlayered-css.js'

const source = readFileSync(new URL('./styles.css', import.meta.url), 'utf8')
const selectorsOf = (css: string) => css.match(/^\s*[.:][^{}@;]*\{/gm) ?? []

it('styles.css weighs nothing: every selector begins with :where()', () => {
  const selectors = selectorsOf(source)
  expect(selectors.length).toBeGreaterThan(80)
  for (const selector of selectors) expect(selector.trim()).toMatch(/^:where\(/)
})

it('its private variables carry the kit’s name: registered, they belong to the whole page', () => {
  expect(source).not.toMatch(/--_/)
})

it('styles.css knows the kit’s elements only: it resets nothing of the app', () => {
  for (const selector of selectorsOf(source)) expect(selector).toMatch(/\.ou-/)
})

it('styles.unlayered.css has the same rules in the same order, each with the weight of one class', () => {
  const css = withoutLayer(source)
  expect(css).not.toContain('@layer')
  const selectors = selectorsOf(css)
  expect(selectors).toHaveLength(selectorsOf(source).length)
  for (const selector of selectors) expect(selector.match(/:is\(\*, \._\)/g)).toHaveLength(1)
  const plain = (text: string) => text.replaceAll(':is(*, ._)', '').replaceAll(/\s+/g, ' ').trim()
  expect(source.replaceAll(/\s+/g, ' ')).toContain(plain(css.slice(css.indexOf('{'))))
})

it('refuses styles outside the layer it knows', () => {
  expect(() => withoutLayer('.a { color: red }')).toThrow('one layer')
  expect(() => withoutLayer('@layer a { .a { color: red } } @layer b { .b { color: red } }')).toThrow('one layer')
})
