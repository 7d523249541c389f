// The embedded API's disk against the least that keeps a body: a server that pipes it into a file, and writing alone.
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { verify } from './files.mjs'
import { startChild } from './server/child.mjs'
import { writeContent } from './server/content.mjs'

// Not an id of a file that was made for the browser.
const FILE = 0xffff_0000

const servers = {
  embedded: { server: 'embedded', kind: 'multipart' },
  plain: { server: 'plain-files', kind: 'plain' },
}

export async function measureDisk({ folder, parts, partBytes, rounds, told }) {
  const results = { parts, partBytes, runs: { embedded: [], plain: [], write: [] } }
  const tell = (name, milliseconds) => {
    results.runs[name].push({ milliseconds })
    told(name, milliseconds)
  }
  const sender = await startChild('sender')
  const children = {}
  try {
    for (const [name, { server }] of Object.entries(servers)) {
      children[name] = await startChild(server, { folder: join(folder, `disk-${name}`) })
    }
    for (let round = 0; round < rounds; round++) {
      for (const [name, { kind }] of Object.entries(servers)) {
        const about = { port: children[name].ready.port, kind, fileId: FILE, parts, partBytes, concurrency: 4 }
        tell(name, await sendAll(sender, children[name], about))
      }
      const path = join(folder, 'written')
      const started = performance.now()
      await writeContent(path, FILE, parts * partBytes, { hashed: false })
      tell('write', performance.now() - started)
      await rm(path)
    }
    return results
  } finally {
    for (const child of Object.values(children)) child.stop()
    sender.stop()
  }
}

/** Sends, and has the server prove from its disk what arrived; resolves with the milliseconds of the sending. */
async function sendAll(sender, witness, about) {
  const { error, milliseconds } = await sender.ask('send', about)
  if (error) throw new Error(error)
  const { arrived } = await witness.ask('take')
  verify([{ id: about.fileId, bytes: about.parts * about.partBytes }], arrived, { md5: false })
  return milliseconds
}
