import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeContent } from './server/content.mjs'

/** A folder for everything that a run makes, removed at its end. */
export async function makeFolder() {
  const path = await mkdtemp(join(tmpdir(), 'react-openai-uploads-bench-'))
  return { path, remove: () => rm(path, { recursive: true, force: true }) }
}

/** Makes files on disk, each with its own content; the same set is made once. */
export function createFiles(folder) {
  const sets = new Map()
  let count = 0
  return async ({ files, bytes }) => {
    const key = `${files}x${bytes}`
    const made = sets.get(key) ?? (await makeSet(join(folder, key), files, bytes))
    sets.set(key, made)
    return made
  }

  async function makeSet(path, files, bytes) {
    await mkdir(path)
    const made = []
    for (let index = 0; index < files; index++) {
      count += 1
      const file = { id: count, path: join(path, `${count}.bin`), bytes }
      made.push({ ...file, md5: await writeContent(file.path, file.id, bytes) })
    }
    return made
  }
}

/** Throws unless what arrived is these files: each once, whole, in order, every byte as it is on disk. */
export function verify(files, arrived, { md5: wantsMd5 }) {
  if (arrived.length !== files.length) throw new Error(`${arrived.length} files arrived of ${files.length}`)
  const byId = new Map(arrived.map((file) => [file.fileId, file]))
  for (const { id, bytes, md5 } of files) {
    const file = byId.get(id)
    if (!file) throw new Error(`file ${id} did not arrive`)
    if (file.problem) throw new Error(`file ${id}: ${file.problem}`)
    if (file.bytes !== bytes) throw new Error(`file ${id}: ${file.bytes} of ${bytes} bytes`)
    // Bytes that never were a file have no MD5 to compare with.
    const isProven = md5 === undefined || (file.md5 ? file.md5 === md5 : !wantsMd5)
    if (!isProven) throw new Error(`file ${id}: MD5 ${file.md5} instead of ${md5}`)
  }
}
