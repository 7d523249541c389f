import { parseArgs } from 'node:util'
import { contenders } from './contenders.mjs'
import { links, scenes } from './plan.mjs'

export const sections = ['uploads', 'hash', 'react', 'relay', 'disk', 'bundle']

const help = `npm run bench -- [options]: uploads of real files in Chromium, beside the alternatives. About 15 minutes, 3 GB of disk.

  --quick            one round of everything but the slowest, about 3 minutes
  --smoke            whether the benchmark works: everyone once, little files, no figures worth reading
  --only NAMES       sections (${sections.join(', ')}) or uploads by name:
                     ${Object.keys(scenes).join(', ')}
  --sizes NAMES      uploads of these sizes; 4gib is measured only when it is asked for, and takes 5 GB of disk
  --link NAME        loopback, or ${Object.keys(links).join(', ')}
  --contenders NAMES ${Object.keys(contenders).join(', ')}
  --rounds N         of everything
  --json FILE        all figures, for machines
  --write            keeps the figures in bench/results and writes docs/performance.md from them
`

/** What to measure; ends the process with the help or with what is wrong. */
export function readOptions() {
  const options = {
    quick: { type: 'boolean' },
    smoke: { type: 'boolean' },
    only: { type: 'string' },
    sizes: { type: 'string' },
    link: { type: 'string' },
    contenders: { type: 'string' },
    rounds: { type: 'string' },
    json: { type: 'string' },
    write: { type: 'boolean' },
    help: { type: 'boolean' },
  }
  let values
  try {
    values = parseArgs({ options }).values
    check(values)
  } catch (error) {
    console.error(`${error.message}\n\n${help}`)
    process.exit(1)
  }
  if (values.help) {
    console.log(help)
    process.exit(0)
  }
  return { ...values, only: list(values.only), sizes: list(values.sizes), contenders: list(values.contenders) }
}

const list = (text) => text?.split(',').filter(Boolean)

function check(values) {
  const known = {
    only: [...sections, ...Object.keys(scenes)],
    sizes: Object.values(scenes).map(({ size }) => size),
    contenders: Object.keys(contenders),
    link: ['loopback', ...Object.keys(links)],
  }
  for (const [option, names] of Object.entries(known)) {
    const unknown = list(values[option])?.find((name) => !names.includes(name))
    if (unknown) throw new Error(`--${option}: there is no ${unknown}`)
  }
  if (values.rounds !== undefined && !(Number(values.rounds) >= 1)) throw new Error('--rounds takes a number')
  if (values.write && (values.quick || values.smoke || values.contenders || values.rounds)) {
    throw new Error('--write keeps what was measured in full: without --quick, --smoke, --contenders and --rounds')
  }
}

/** The scenes to measure, by name. */
export function scenesFor({ quick, only, sizes, link, contenders: ids, rounds }) {
  const named = only?.filter((name) => scenes[name])
  if (only && !only.includes('uploads') && named.length === 0) return {}
  const chosen = Object.entries(scenes).flatMap(([name, scene]) => {
    const isAskedFor = named?.length ? named.includes(name) : sizes ? sizes.includes(scene.size) : !scene.optional
    if (!isAskedFor || (link && (scene.link ?? 'loopback') !== link)) return []
    const who = ids ? scene.contenders.filter((id) => ids.includes(id)) : scene.contenders
    if (who.length === 0) return []
    return [[name, { ...scene, contenders: who, rounds: Number(rounds ?? (quick ? 1 : scene.rounds)) }]]
  })
  return Object.fromEntries(chosen)
}
