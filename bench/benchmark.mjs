// Measures what the options ask for, and prints it as it comes.
import { measureBundles } from './bundle-sizes.mjs'
import { openChromium } from './chromium.mjs'
import { contenders, packages } from './contenders.mjs'
import { checkCounts } from './counts.mjs'
import { measureDisk } from './disk.mjs'
import { createFiles, makeFolder } from './files.mjs'
import { measureHash } from './hash.mjs'
import { describeMachine, versionsOf } from './machine.mjs'
import { scenesFor, sections } from './options.mjs'
import { smoke } from './plan.mjs'
import { printScene } from './print.mjs'
import { measureReact } from './react/measure.mjs'
import { measureRelay } from './relay.mjs'
import { startUploads } from './uploads.mjs'

export async function runBenchmark(options) {
  const { only } = options
  const wants = (section) =>
    !options.sizes && !options.link && (!only || only.includes(section)) && sections.includes(section)
  const scenes = options.smoke ? smoke : scenesFor(options)
  const rounds = (usual) => Number(options.rounds ?? (options.quick || options.smoke ? 1 : usual))
  const folder = await makeFolder()
  const undo = [folder.remove]
  let undone
  // Once: a signal ends the browser, which ends the measurement, which wants to clean up as well.
  const undoAll = () => {
    undone ??= (async () => {
      for (const step of undo.reverse()) await step()
    })()
    return undone
  }
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => undoAll().finally(() => process.exit(1)))
  try {
    const chromium = await openChromium()
    undo.push(chromium.close)
    const results = { machine: describeMachine(chromium.version), packages: versionsOf(packages), scenes: {} }
    const filesOf = createFiles(folder.path)
    const uploads = await startUploads({ folder: folder.path, filesOf, chromium })
    undo.push(uploads.stop)
    for (const [name, scene] of Object.entries(scenes)) {
      console.log(`\n${name}: ${scene.rounds} rounds`)
      const measured = await uploads.scene(scene, tellRun)
      results.scenes[name] = measured
      printScene(measured)
      if (options.smoke) checkCounts(name, measured)
    }
    if (wants('hash')) {
      const [file] = await filesOf({ files: 1, bytes: options.smoke ? 2 ** 20 : 2 ** 30 })
      const base = `http://127.0.0.1:${uploads.sink.ready.port}`
      console.log('\nhash')
      results.hash = await measureHash({ chromium, base, file, rounds: rounds(3), told: () => {} })
    }
    if (wants('react')) {
      console.log('\nreact')
      results.react = await measureReact({
        chromium,
        pages: uploads.pages,
        base: `http://127.0.0.1:${uploads.sink.ready.port}`,
        filesOf,
        rounds: rounds(3),
        seconds: options.smoke ? 1 : 5,
        told: tell,
      })
    }
    // It is large, or nothing.
    if (wants('relay') && !options.smoke) {
      console.log('\nrelay')
      results.relay = await measureRelay({ folder: folder.path, rounds: rounds(2) })
    }
    if (wants('disk')) {
      console.log('\ndisk')
      const load = options.smoke ? { parts: 4, partBytes: 2 ** 20 } : { parts: 16, partBytes: 64 * 2 ** 20 }
      results.disk = await measureDisk({ folder: folder.path, ...load, rounds: rounds(3), told: tell })
    }
    if (wants('bundle')) results.bundle = measureBundles()
    return results
  } finally {
    await undoAll()
  }
}

const tell = (name, run) => console.log(`  ${name}`, run)

function tellRun(id, { milliseconds }) {
  const { name, note, md5 } = contenders[id]
  const who = [name, note, md5 && 'MD5'].filter(Boolean).join(', ')
  console.log(`  ${(milliseconds / 1000).toFixed(2).padStart(7)} s  ${who}`)
}
