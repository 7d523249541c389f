import { readFileSync } from 'node:fs'
import { cpus, release, totalmem, type } from 'node:os'
import { join } from 'node:path'

/** Where the figures come from; without it they mean nothing. */
export function describeMachine(chromium) {
  const [cpu] = cpus()
  return {
    date: new Date().toISOString().slice(0, 10),
    cpu: cpu?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryBytes: totalmem(),
    system: `${type()} ${release()}`,
    node: process.versions.node,
    chromium,
  }
}

/** Versions of the alternatives, as they are installed. */
export function versionsOf(names) {
  const folder = join(import.meta.dirname, 'node_modules')
  return Object.fromEntries(
    names.map((name) => [name, JSON.parse(readFileSync(join(folder, name, 'package.json'), 'utf8')).version]),
  )
}
