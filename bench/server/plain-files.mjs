// The least that a server can do to keep a body: pipe it into a file.
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { Arrivals, readRun } from './arrivals.mjs'
import { listen, optionsOfChild, serveParent } from './child.mjs'

const { folder } = optionsOfChild()
await mkdir(folder)
const server = createServer((request, response) => void keep(request, response))

async function keep(request, response) {
  await pipeline(request, createWriteStream(join(folder, request.url.slice(1))))
  response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
}

/** Reads the files back in the order of their numbers, and deletes them. */
async function take() {
  const arrivals = new Arrivals()
  const names = (await readdir(folder)).sort((a, b) => Number(a) - Number(b))
  const runs = []
  for (const name of names) {
    const path = join(folder, name)
    runs.push(
      await readRun(async (push) => {
        for await (const chunk of createReadStream(path)) push(chunk)
      }),
    )
    await rm(path)
  }
  arrivals.complete(runs)
  return { arrived: arrivals.take() }
}
serveParent({ port: await listen(server) }, { take })
