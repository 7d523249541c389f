// Uploads files in Chromium, by everyone in turn, and has the server prove each of them.
import { join } from 'node:path'
import { buildPages, pageOf } from './build.mjs'
import { CONCURRENCY, contenders, PART_BYTES } from './contenders.mjs'
import { verify } from './files.mjs'
import { links } from './plan.mjs'
import { startChild } from './server/child.mjs'
import { proveThatItLooks } from './server/proof.mjs'

/** Bytes a second below which something is wrong, and more than which nobody should have to wait for. */
const SLOWEST = 4e6
const PATIENCE = 60_000

export async function startUploads({ folder, filesOf, chromium }) {
  const pages = join(folder, 'pages')
  const modules = [...new Set(Object.values(contenders).map(({ module }) => module)), 'hash']
  await buildPages(pages, Object.fromEntries(modules.map((module) => [module, pageOf(module)])))
  const sink = await startChild('sink', { pages, links })
  await proveThatItLooks(sink.ready.port)
  await sink.ask('take')
  const handler = await startChild('handler', { pages, upstream: `http://127.0.0.1:${sink.ready.port}/v1` })
  const embedded = await startChild('embedded', { pages, folder: join(folder, 'embedded') })
  const warmUp = await filesOf({ files: 1, bytes: 2 ** 20 })

  /** Where a contender uploads to, and who knows what arrived and used CPU for it. */
  function serverOf({ target = 'sink' }, link) {
    if (target === 'embedded') return { port: embedded.ready.port, witness: embedded, servers: [embedded] }
    if (target === 'handler') return { port: handler.ready.port, witness: sink, servers: [sink, handler] }
    return { port: link ? sink.ready.links[link] : sink.ready.port, witness: sink, servers: [sink] }
  }

  async function measure(id, files, link) {
    const contender = contenders[id]
    const { port, witness, servers } = serverOf(contender, link)
    const base = `http://127.0.0.1:${port}`
    const opened = await chromium.open(`${base}/${contender.module}.html`)
    try {
      const options = { partBytes: PART_BYTES, concurrency: CONCURRENCY, ...contender, base }
      const choose = (chosen) =>
        opened.page.setInputFiles(
          'input',
          chosen.map(({ path }) => path),
        )
      const run = () => opened.page.evaluate((given) => window.bench(given), options)
      // Whatever is loaded or compiled once is there: what is measured after this is the files.
      await choose(warmUp)
      await opened.measure(run, PATIENCE)
      verify(warmUp, (await witness.ask('take')).arrived, contender)
      await choose(files)
      const cpuBefore = await cpuOf(servers)
      const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
      const measured = await opened.measure(run, PATIENCE + (bytes / SLOWEST) * 1000)
      const serverCpuSeconds = (await cpuOf(servers)) - cpuBefore
      const { arrived, requests, bytes: received } = await witness.ask('take')
      verify(files, arrived, contender)
      return { ...measured, serverCpuSeconds, requests, bytesReceived: received }
    } catch (error) {
      throw new Error(`${id}: ${error.message}`, { cause: error })
    } finally {
      await opened.close()
    }
  }

  return {
    sink,
    handler,
    pages,
    /** Measures one scene, round by round; `told` hears of each run. */
    scene: async ({ files, bytes, link, contenders: ids, rounds }, told) => {
      const set = await filesOf({ files, bytes })
      const runs = Object.fromEntries(ids.map((id) => [id, []]))
      for (let round = 0; round < rounds; round++) {
        for (const id of ids) {
          runs[id].push(await measure(id, set, link))
          told(id, runs[id].at(-1))
        }
      }
      return { files, bytes, link: link ?? null, runs }
    },
    stop: () => {
      for (const child of [sink, handler, embedded]) child.stop()
    },
  }
}

async function cpuOf(children) {
  let seconds = 0
  for (const child of children) {
    const { user, system } = await child.ask('cpu')
    seconds += (user + system) / 1e6
  }
  return seconds
}
